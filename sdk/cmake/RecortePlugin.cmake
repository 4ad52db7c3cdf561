# SPDX-License-Identifier: BSD-3-Clause
#
# recorte_add_plugin(NAME SOURCES … [MANIFEST plugin.json] [LIBRARIES …] [NO_INSTALL])
#
# Builds NAME.so, a Recorte plugin, from C or C++ sources. The text of plugin.json reaches them as
# RECORTE_MANIFEST_JSON, the minor version of its "abi" as RECORTE_TARGET_MINOR. `cmake --install`
# puts the plugin into lib/recorte/plugins. A README.md beside CMakeLists.txt goes with it, as
# NAME.md: the page that the service shows of the plugin.
include_guard(GLOBAL)

set(RECORTE_PLUGIN_MAP "${CMAKE_CURRENT_LIST_DIR}/recorte_plugin.map" CACHE INTERNAL "")

# Writes `header` with what `manifest` says, its text as a C string literal, if it changed.
function(_recorte_embed_manifest manifest header)
  file(READ "${manifest}" json)
  foreach(member id name version license abi interfaces)
    string(JSON ignored ERROR_VARIABLE error GET "${json}" ${member})
    if(error)
      message(FATAL_ERROR "${manifest}: ${error}")
    endif()
  endforeach()
  string(JSON abi GET "${json}" abi)
  set(minor 0)
  if(abi MATCHES "^[0-9]+\\.([0-9]+)$")
    set(minor ${CMAKE_MATCH_1})
  endif()
  string(REPLACE "\\" "\\\\" json "${json}")
  string(REPLACE "\"" "\\\"" json "${json}")
  string(REPLACE "?" "\\?" json "${json}") # no trigraphs
  string(REPLACE "\r" "" json "${json}")
  string(REPLACE "\n" "\\n\" \\\n  \"" json "${json}")
  file(WRITE "${header}.new" "/* Made from ${manifest}. */\n"
    "#define RECORTE_TARGET_MINOR ${minor}\n"
    "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n"
    "#define RECORTE_MANIFEST_JSON \\\n  \"${json}\"\n")
  file(COPY_FILE "${header}.new" "${header}" ONLY_IF_DIFFERENT)
  file(REMOVE "${header}.new")
endfunction()

function(recorte_add_plugin name)
  cmake_parse_arguments(ARG "NO_INSTALL" "MANIFEST" "SOURCES;LIBRARIES" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_SOURCES)
    message(FATAL_ERROR "recorte_add_plugin(${name}): SOURCES are missing, or not understood: "
      "${ARG_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT ARG_MANIFEST)
    set(ARG_MANIFEST plugin.json)
  endif()
  get_filename_component(manifest "${ARG_MANIFEST}" ABSOLUTE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${manifest}")
  set(header "${CMAKE_CURRENT_BINARY_DIR}/${name}_manifest.h")
  _recorte_embed_manifest("${manifest}" "${header}")

  add_library(${name} MODULE ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE recorte::sdk ${ARG_LIBRARIES})
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX ".so" OUTPUT_NAME ${name}
    C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS "${RECORTE_PLUGIN_MAP}")
  # Unique symbols would be shared between plugins in spite of RTLD_LOCAL, and pin them.
  target_compile_options(${name} PRIVATE
    "SHELL:-include \"${header}\"" $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)
  target_link_options(${name} PRIVATE
    "LINKER:--version-script=${RECORTE_PLUGIN_MAP}" LINKER:-z,now)
  # Clang leaves a sanitizer's own symbols to the program: they are undefined in a library.
  get_directory_property(options LINK_OPTIONS)
  set(flags "${options} ${CMAKE_C_FLAGS} ${CMAKE_CXX_FLAGS} ${CMAKE_MODULE_LINKER_FLAGS}")
  if(NOT ("${CMAKE_C_COMPILER_ID} ${CMAKE_CXX_COMPILER_ID}" MATCHES "Clang"
          AND flags MATCHES "-fsanitize"))
    target_link_options(${name} PRIVATE LINKER:-z,defs)
  endif()
  set(readme "${CMAKE_CURRENT_SOURCE_DIR}/README.md")
  if(EXISTS "${readme}")
    get_target_property(directory ${name} LIBRARY_OUTPUT_DIRECTORY)
    if(NOT directory)
      set(directory "${CMAKE_CURRENT_BINARY_DIR}")
    endif()
    configure_file("${readme}" "${directory}/${name}.md" COPYONLY)
    if(NOT ARG_NO_INSTALL)
      install(FILES "${readme}" DESTINATION lib/recorte/plugins RENAME ${name}.md COMPONENT plugins)
    endif()
  endif()
  if(NOT ARG_NO_INSTALL)
    install(TARGETS ${name} LIBRARY DESTINATION lib/recorte/plugins COMPONENT plugins)
  endif()
endfunction()
