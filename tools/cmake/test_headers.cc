// The program that the tests take their precompiled headers from; it tests nothing.
