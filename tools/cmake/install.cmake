# `cmake --install`: components tool, library, development, documents; and, where they are asked for, wireshark and fuzz.
# `products` builds all that is installed.
add_custom_target(products DEPENDS libsessenum)
foreach(target sessenum sessenum_documents wireshark_plugin)
  if(TARGET ${target})
    add_dependencies(products ${target})
  endif()
endforeach()

# find_package(sessenum) gives the target sessenum::sessenum.
include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/sessenum)
write_basic_package_version_file(sessenum-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sessenum-config-version.cmake DESTINATION ${package} COMPONENT development)
install(EXPORT sessenum-targets NAMESPACE sessenum:: FILE sessenum-config.cmake DESTINATION ${package}
        COMPONENT development)

# The prefix is told from where the file lies: what was installed may be moved.
file(RELATIVE_PATH pkgconfig_to_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
configure_file(tools/packaging/sessenum.pc.in sessenum.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/sessenum.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT development)

install(FILES LICENSE README.md CHANGELOG.md SECURITY.md dissector/rules/RULES.md
              dissector/output/sessenum-1.schema.json
        TYPE DOC COMPONENT documents)
