# The Debian packages: the components tool, library, development and wireshark, each with what Debian asks a package for.
# tools/deb builds them, with the preset deb.
set(debian ${CMAKE_CURRENT_LIST_DIR}/debian)
find_program(SESSENUM_GZIP gzip REQUIRED)
configure_file(${debian}/changelog.in changelog @ONLY)

# sessenum_gzip(<file> <packed>): the same bytes whenever it is done. The build is configured anew where <file> changes.
function(sessenum_gzip file packed)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  execute_process(COMMAND ${SESSENUM_GZIP} -9nc ${file} OUTPUT_FILE ${packed} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
sessenum_gzip(${CMAKE_CURRENT_BINARY_DIR}/changelog ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian.gz)
sessenum_gzip(${PROJECT_SOURCE_DIR}/CHANGELOG.md ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME sessenum)
set(CPACK_PACKAGE_CONTACT "The sessenum authors <sessenum@example.org>")
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                                WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_SET_DESTDIR ON)  # the plugin's place is Wireshark's, not one below a prefix
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS OFF)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE https://git.example.org/sessenum)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_COMPONENTS_ALL)

# sessenum_debian_package(<component> <package> <section> <description>): its first line is the synopsis.
function(sessenum_debian_package component package section description)
  set(documents ${CMAKE_INSTALL_DATAROOTDIR}/doc/${package})
  install(FILES ${debian}/copyright ${CMAKE_CURRENT_BINARY_DIR}/changelog.Debian.gz
                ${CMAKE_CURRENT_BINARY_DIR}/changelog.gz
          DESTINATION ${documents} COMPONENT ${component})
  if(EXISTS ${debian}/${package}.lintian-overrides)
    install(FILES ${debian}/${package}.lintian-overrides RENAME ${package}
            DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/lintian/overrides COMPONENT ${component})
  endif()
  string(TOUPPER ${component} name)
  set(CPACK_COMPONENTS_ALL ${CPACK_COMPONENTS_ALL} ${component} PARENT_SCOPE)
  set(CPACK_DEBIAN_${name}_PACKAGE_NAME ${package} PARENT_SCOPE)
  set(CPACK_DEBIAN_${name}_PACKAGE_SECTION ${section} PARENT_SCOPE)
  set(CPACK_COMPONENT_${name}_DESCRIPTION "${description}" PARENT_SCOPE)
endfunction()

sessenum_debian_package(tool sessenum net "decoder and judge of NetrSessionEnum calls in packet captures
Reads packet captures offline, decodes every NetrSessionEnum call in them
(MS-SRVS 3.1.4.5, the call that tells who is logged on where), and says
what is wrong with each, rule by rule. Output is text, JSON or one HTML
page. SMB 1 to 3.1.1, NDR and NDR64; decrypts where it is given a key.")
install(FILES README.md dissector/rules/RULES.md dissector/output/sessenum-1.schema.json
        DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/doc/sessenum COMPONENT tool)

sessenum_debian_package(library libsessenum1 libs "decoder of NetrSessionEnum stubs - shared library
Takes a stub of NetrSessionEnum (MS-SRVS 3.1.4.5), gives its fields, each
with its place in the stub, and what the rules of the specification say
of it. The interface is C.")
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${debian}/shlibs ${debian}/symbols ${debian}/triggers)

sessenum_debian_package(development libsessenum-dev libdevel "decoder of NetrSessionEnum stubs - development files
The header of libsessenum, and what CMake and pkg-config need to build
programs with it.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libsessenum1 (= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")

if(TARGET wireshark_plugin)
  sessenum_debian_package(wireshark wireshark-sessenum net "plugin for Wireshark: NetrSessionEnum calls
Wireshark ${SESSENUM_WIRESHARK_XY} with this plugin shows NetrSessionEnum calls (MS-SRVS
3.1.4.5) in NDR and NDR64, each field over its own bytes, filters by
every field, and files what breaks the specification as expert items.")
  set(CPACK_DEBIAN_WIRESHARK_PACKAGE_ENHANCES "wireshark, tshark")
endif()

set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # would stand before the synopsis of each package
include(CPack)
