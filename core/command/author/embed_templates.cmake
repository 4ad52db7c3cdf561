# SPDX-License-Identifier: BSD-3-Clause
#
# cmake -DDIRECTORY=templates -DOUTPUT=templates.cpp -P embed_templates.cmake: a table of the files
# KIND/FILE.in in the directory.
file(GLOB files RELATIVE ${DIRECTORY} ${DIRECTORY}/*/*.in)
list(SORT files)
set(rows "")
foreach(file IN LISTS files)
  get_filename_component(kind ${file} DIRECTORY)
  get_filename_component(name ${file} NAME)
  string(REGEX REPLACE "\\.in$" "" name ${name})
  file(READ ${DIRECTORY}/${file} text)
  string(APPEND rows "    {\"${kind}\", \"${name}\", R\"~~~(${text})~~~\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"core/command/author/templates.hpp\"

namespace recorte::command {

std::span<const Template> templates() {
  static constexpr Template kTemplates[] = {
${rows}  };
  return kTemplates;
}

}  // namespace recorte::command
")
