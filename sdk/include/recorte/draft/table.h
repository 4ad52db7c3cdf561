/* recorte/draft/table.h - a service that reads a table row by row, whatever its form.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A DRAFT: it may change or go with any release. See docs/explanation/abi-policy.md. */
#ifndef RECORTE_DRAFT_TABLE_H
#define RECORTE_DRAFT_TABLE_H

#include "../abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RECORTE_DRAFT_TABLE "recorte.draft.table/1"

/* What a reader is told. Texts are borrowed until the call returns. Anything but RECORTE_OK: stop, and
 * return that status. [instance] */
typedef struct recorte_row_sink {
  uint32_t struct_size;
  uint32_t reserved;
  void *ctx;
  /* Once, first: the names as they stand. */
  recorte_status (*columns)(const struct recorte_row_sink *sink, const recorte_str *names,
                            uint32_t count);
  /* As many fields as there are columns. Numbers are text that reads back exactly, several values are
   * separated by blanks, "" is no value. place: "list.csv:12", for messages. */
  recorte_status (*row)(const struct recorte_row_sink *sink, recorte_str place,
                        const recorte_str *fields, uint32_t count);
  /* In the place of a row that has too few or too many fields. */
  recorte_status (*bad_row)(const struct recorte_row_sink *sink, recorte_str place,
                            recorte_str why);
} recorte_row_sink;

typedef struct recorte_table {
  uint32_t struct_size;
  uint32_t reserved;
  /* CSV (comma, semicolon, tab or bar), VOTable, JSON or a FITS binary table, gzipped or not, as its
   * first bytes show. RECORTE_INVALID says where it is broken. [any] */
  recorte_status (*read)(const recorte_host *host, recorte_str path, const recorte_row_sink *sink,
                         recorte_error *err);
} recorte_table;

#ifdef __cplusplus
}
#endif
#endif
