# SPDX-License-Identifier: BSD-3-Clause
#
# cmake -DDIRECTORY=migrations -DOUTPUT=migrations.cpp -P embed_migrations.cmake: a table of the
# files 0001_name.sql, 0002_…, with the checksums by which a database tells whether it has them. A line
# "-- works with: N" names the newest migration of the oldest program that works with this one.
file(GLOB files ${DIRECTORY}/*.sql)
list(SORT files)
set(rows "")
set(number 0)
foreach(file IN LISTS files)
  math(EXPR number "${number} + 1")
  get_filename_component(stem ${file} NAME_WE)
  if(NOT stem MATCHES "^0*${number}_([a-z0-9_]+)$")
    message(FATAL_ERROR "${file}: migrations are named 0001_name.sql, 0002_name.sql and so on, "
                        "without a gap; this one would be number ${number}")
  endif()
  set(name ${CMAKE_MATCH_1})
  file(SHA256 ${file} checksum)
  file(READ ${file} sql)
  set(works_with ${number})
  if(sql MATCHES "\n-- works with: ([0-9]+)\n")
    set(works_with ${CMAKE_MATCH_1})
  endif()
  string(APPEND rows
    "    {${number}, \"${name}\", \"${checksum}\", R\"sql(${sql})sql\", ${works_with}},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"core/db/migrate.hpp\"

namespace recorte::db {

std::span<const Migration> migrations() {
  static constexpr Migration kMigrations[] = {
${rows}  };
  return kMigrations;
}

}  // namespace recorte::db
")
