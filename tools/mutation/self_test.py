#!/usr/bin/python3
"""Checks tools/mutation_test without building anything: where mutants are planted, and that no entry of
tools/mutation/equivalent.txt is out of date."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from mutation import equivalents, lexer, mutants, operators, report, workbench  # noqa: E402


def planted(text, operator, groups=None):
    """What the operator makes of `text`, each as the lines that it changed."""
    source = operators.Source(text, groups or {})
    return [" ".join((text[:start] + new + text[end:]).split()) for start, end, new in
            operators.OPERATORS[operator](source)]


def body(statements):
    return "void F() { " + statements + " }"


class LexerTest(unittest.TestCase):
    def test_comments_directives_and_literals_are_no_code(self):
        text = '#include <a>\n#define M(x) \\\n  x < 1\n// a < b\n/* c == d */ auto s = "e < f"; auto c = \'<\';\n'
        self.assertEqual([token.text for token in lexer.tokens(text)],
                         ["auto", "s", "=", '"e < f"', ";", "auto", "c", "=", "'<'", ";"])

    def test_numbers_with_separators_are_one_token(self):
        self.assertEqual([token.text for token in lexer.tokens("65'536 0xFFU 1U << 20U")],
                         ["65'536", "0xFFU", "1U", "<<", "20U"])

    def test_brackets_match(self):
        code = lexer.tokens("f(a[1], {2})")
        self.assertEqual(lexer.matching(code)[1], len(code) - 1)


class OperatorTest(unittest.TestCase):
    def test_a_comparison_is_no_template_and_no_shift(self):
        self.assertEqual(planted("bool F(std::vector<int> a) { return a.size() < b->c << 1; }", "comparison"),
                         ["bool F(std::vector<int> a) { return a.size() <= b->c << 1; }",
                          "bool F(std::vector<int> a) { return a.size() >= b->c << 1; }"])
        for text in ("template <typename T> int x;", "static_assert(1 < 2);", "bool operator==(A, B) = default;"):
            self.assertEqual(planted(text, "comparison"), [], text)

    def test_a_reference_is_no_logic(self):
        self.assertEqual(planted("void F(T&& a, int& b);", "logic"), [])
        self.assertEqual(planted("bool b = a && c;", "logic"), ["bool b = a || c;"])

    def test_arithmetic(self):
        self.assertEqual(planted(body("++i; a = b + -1;"), "arithmetic"),
                         [body("--i; a = b + -1;"), body("++i; a = b - -1;")])

    def test_conditions_are_negated(self):
        self.assertEqual(planted(body("if (a || !b) return;"), "negation"),
                         [body("if (!(a || !b)) return;"), body("if (a || b) return;")])
        self.assertEqual(planted(body("return f(a) ? b : c;"), "negation"),
                         [body("return true ? b : c;"), body("return false ? b : c;")])

    def test_checks_are_dropped(self):
        self.assertEqual(planted(body("if (a) return b; c();"), "dropped_check"), [body("c();")])
        self.assertEqual(planted(body("if (a) { b(); } c();"), "dropped_check"), [body("c();")])
        self.assertEqual(planted(body("if (a) { b(); } else { c(); }"), "dropped_check"), [])
        self.assertEqual(planted(body("SE_TRY(a());"), "dropped_check"), [body("static_cast<void>(a());")])

    def test_statements_are_removed_and_declarations_are_not(self):
        for text in ("a.b(c);", "x = 1;", "a->b[2] += c;", "++times;", "*out = 1;"):
            self.assertEqual(planted(body(text), "removed_statement"), [body(";")], text)
        for text in ("int x = 1;", "const std::size_t n(2);", "return a(b);", "std::vector<int> v;"):
            self.assertEqual(planted(body(text), "removed_statement"), [], text)

    def test_constants_move_by_one(self):
        self.assertEqual(planted("int x = 0x10U;", "constant"), ["int x = 0xfU;", "int x = 0x11U;"])
        self.assertEqual(planted("int x = 0;", "constant"), ["int x = 1;"])
        self.assertEqual(planted("int x = 4;", "alignment"), ["int x = 8;"])

    def test_bytes_are_not_swapped(self):
        self.assertEqual(planted(body("return SwapBytes(x);"), "byte_swap"), [body("return (x);")])
        self.assertEqual(planted(body("Store(x, order, to);"), "byte_swap"),
                         [body("Store(x, ByteOrder::kLittle, to);")])

    def test_integers_are_narrowed(self):
        self.assertEqual(planted("std::uint64_t end();", "narrowed"), ["std::uint32_t end();"])
        self.assertEqual(planted(body("f(std::size_t{n} * 2);"), "narrowed"), [body("f(std::uint32_t{n} * 2);")])

    def test_initialisers_are_deleted(self):
        self.assertEqual(planted("struct A { int x = 0; };", "initialiser"), ["struct A { int x ; };"])
        self.assertEqual(planted("struct A { T x{}; };", "initialiser"), ["struct A { T x; };"])
        self.assertEqual(planted(body("x = 0; a.x = 1;"), "initialiser"), [])

    def test_neighbours_change_places(self):
        self.assertEqual(planted(body("SE_TRY(a()); SE_TRY(b());"), "order"), [body("SE_TRY(b()); SE_TRY(a());")])
        self.assertEqual(planted("int a[] = {1, 2, 2};", "order"), ["int a[] = {2, 1, 2};"])
        self.assertEqual(planted("A a{.x = 1, .y = 2};", "order"), [])

    def test_symbols_of_a_kind_stand_for_each_other(self):
        groups = operators.named_groups(["enum class E : int { kA, kB };  // kC\n"
                                         "inline constexpr std::uint32_t kOne = 1;  // bytes\n"
                                         "inline constexpr std::uint32_t kTwo = 2;\n"])
        self.assertEqual(planted(body("f(E::kB, kOne);"), "symbol", groups), [body("f(E::kA, kOne);"),
                                                                             body("f(E::kB, kTwo);")])


class MutantTest(unittest.TestCase):
    def test_names_are_unique_and_outlive_lines_before_them(self):
        text = body("a = b + 1;\n a = b + 1;\n")
        found = mutants.mutants_of("x.cc", text, {})
        moved = mutants.mutants_of("x.cc", "// More.\n" + text, {})
        self.assertEqual(len({mutant.id for mutant in found}), len(found))
        self.assertEqual([mutant.id for mutant in found], [mutant.id for mutant in moved])
        self.assertNotEqual(found[0].line, moved[0].line)

    def test_every_mutant_changes_its_file_and_samples_repeat(self):
        everything = mutants.all_mutants()
        self.assertGreater(len(everything), 1000)
        self.assertEqual(len({mutant.id for mutant in everything}), len(everything))
        self.assertFalse([mutant.path for mutant in everything if "_test" in mutant.path])
        first = everything[0]
        text = (mutants.TOP / first.path).read_text()
        self.assertNotEqual(first.planted(text), text)
        self.assertEqual(mutants.sample(everything, 20, 7), mutants.sample(everything, 20, 7))
        self.assertNotEqual(mutants.sample(everything, 20, 7), mutants.sample(everything, 20, 8))


class EquivalentsTest(unittest.TestCase):
    ENTRY = "# It cannot\n# be seen.\nx.cc\n- a = b  + 1;\n+ a = b - 1;\n"

    def test_entries_are_read_with_their_reason(self):
        entry, = equivalents.parse(self.ENTRY.replace("  ", " "))
        self.assertEqual((entry.path, entry.before, entry.after, entry.reason),
                         ("x.cc", "a = b + 1;", "a = b - 1;", "It cannot be seen."))
        with self.assertRaises(ValueError):
            equivalents.parse("x.cc\n- a\n+ b\n")

    def test_an_entry_counts_while_its_line_stands(self):
        entries = equivalents.parse(self.ENTRY.replace("  ", " "))
        for text, left_out in (("a = b + 1;", 1), ("a = c + 1;", 0)):
            found = mutants.mutants_of("x.cc", f"void F() {{\n  {text}\n}}\n", {})
            self.assertEqual(len(found) - len(equivalents.without(found, entries)), left_out)
            self.assertEqual(len(equivalents.unmatched(entries, found)), 1 - left_out)

    def test_the_entries_of_this_repository_match(self):
        entries = equivalents.parse(equivalents.FILE.read_text())
        self.assertEqual(equivalents.unmatched(entries, mutants.all_mutants()), [])
        self.assertEqual(equivalents.repeated(entries), [])


class PlanTest(unittest.TestCase):
    def test_a_layer_is_tried_by_what_looks_at_it_first_and_by_all_above(self):
        ndr = workbench.plan("ndr")
        self.assertEqual(ndr[:3], [("corpus", "stub_roundtrip"), ("corpus", "stub_decode"), ("unit", "ndr")])
        self.assertIn(("corpus", "stub_roundtrip"), ndr)
        self.assertIn(("corpus", "end_to_end"), ndr)
        self.assertIn(("unit", "rules"), ndr)
        self.assertNotIn(("unit", "base"), ndr)
        self.assertNotIn(("corpus", "tcp_stream"), ndr)

    def test_the_targets_that_look_at_a_layer_exist(self):
        targets = workbench.depends()[1]
        for layer, names in workbench.TARGETS.items():
            for name in names:
                self.assertIn(layer, targets[name])

    def test_the_words_that_tell_a_failure(self):
        self.assertEqual(workbench.last_words("a\nx.h:1:2: runtime error: y\nb\n"), "x.h:1:2: runtime error: y")


class ReportTest(unittest.TestCase):
    def test_the_stillborn_do_not_count(self):
        found = mutants.mutants_of("dissector/base/x.cc", body("a = b + 1;"), {})[:3]

        class Known:
            def of(self, mutant, stage):
                return {"outcome": dict(zip((m.id for m in found), ("killed", "survived", "stillborn")))[mutant.id]}

        row = next(line for line in report.table(found, Known(), "tests").splitlines() if line.startswith("base"))
        self.assertEqual(row.split(), ["base", "1", "1", "50.0", "1"])


if __name__ == "__main__":
    unittest.main()
