// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/manifest_columns.hpp"

namespace recorte::batch {
namespace {

constexpr std::string_view kAbove = R"(# The manifest of a job

Generated from the table in `core/batch/manifest_columns.cpp`; the test `batch/Manifest.ReferencePageIsCurrent`
keeps it so.

A job's manifest has a row for each product, in the order of the list, whether it was made, failed or still waits:

| file | form |
|---|---|
| `manifest.json` | an object: `job` says what the job is and how far, `products` is an array of objects. What has no value is `null`; `bands` and `images` are arrays |
| `manifest.csv` | UTF-8, commas, names in the first line, fields quoted where they must be (RFC 4180). What has no value is empty |
| `manifest.vot` | VOTable 1.4, TABLEDATA. The job is told in `INFO` elements |
| `manifest.fits` | a binary table; names have letters, digits and `_` only; texts are as long as the longest, in ASCII (any other byte is `?`), and cut at 4096. The job is told in the header. What has no value is NaN, -1 or blank |

The columns are these. After `id` come the list's own that are no parameters, as text, called as in the list; where
the manifest has a column of that name, whatever the case, `list_` stands before it. Bytes that are no UTF-8 are `?`.

| column | unit | means |
|---|---|---|
)";

}  // namespace

std::string manifest_markdown() {
  std::string out(kAbove);
  for (const auto& column : manifest_columns())
    out += "| `" + std::string(column.name) + "` | " + std::string(column.unit) + " | " +
           std::string(column.help) + " |\n";
  return out;
}

}  // namespace recorte::batch
