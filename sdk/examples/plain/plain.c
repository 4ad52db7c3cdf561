/* An algorithm in plain C: the pixels of the first image, multiplied by the parameter "factor".
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * recorte/abi.h has the rules; this shows what they come to: one exported symbol, tables of
 * functions, a status and a sentence for what goes wrong, images that are released. */
#include <recorte/algorithm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);

/* An instance: what open() makes of the settings. This one keeps the host alone. */
typedef struct plain {
  const recorte_host* host;
} plain;

static recorte_status fail(recorte_error* err, recorte_status code, const char* message) {
  if (err != NULL) {
    err->code = code;
    snprintf(err->message, sizeof err->message, "%s", message);
  }
  return code;
}

static recorte_status open_(const recorte_host* host, const recorte_config* config, void** self,
                            recorte_error* err) {
  plain* made = malloc(sizeof *made);
  (void)config;
  if (made == NULL) return fail(err, RECORTE_RESOURCE, "out of memory");
  made->host = host;
  *self = made;
  return RECORTE_OK;
}

static void close_(void* self) { free(self); }

/* One image of floats, where the region lies on the first input. */
static recorte_status outline(void* self, const recorte_job* job, recorte_error* err) {
  recorte_output output = {
      .struct_size = sizeof output, .bitpix = RECORTE_F32, .planes = 1, .name = {"SCALED", 6}};
  (void)self;
  if (job->input_count == 0) return fail(err, RECORTE_NO_COVERAGE, "no image meets the region");
  output.rect = job->inputs[0]->region;
  return job->declare(job, &output, err);
}

/* A parameter; its default is filled in by the host, from the schema in plugin.json. */
static double factor_of(const plain* self, const recorte_job* job) {
  recorte_str text = {NULL, 0};
  char number[32];
  if (self->host->config_get(self->host, job->params, "/factor", &text) != RECORTE_OK) return 1;
  snprintf(number, sizeof number, "%.*s", (int)text.size, text.data);
  return strtod(number, NULL);
}

/* The pixels of a window. Scaled floats may be written over: the image is this call's own. */
static recorte_status run(void* self, const recorte_job* job, recorte_error* err) {
  const plain* me = self;
  const float factor = (float)factor_of(me, job);
  recorte_image* image = NULL;
  recorte_status status = job->read(job, 0, RECORTE_IMAGE, &job->window, RECORTE_F32, &image, err);
  if (status != RECORTE_OK) return status;
  for (int64_t y = 0; status == RECORTE_OK && y < image->height; ++y) {
    float* row = (float*)((char*)image->pixels + y * image->row_bytes);
    for (int64_t x = 0; x < image->width; ++x) row[x] *= factor;
    if (job->call->cancelled(job->call)) status = fail(err, RECORTE_CANCELLED, "cancelled");
  }
  if (status == RECORTE_OK) status = job->emit(job, image, err);
  me->host->image_release(me->host, image);
  return status;
}

static const void* get_interface(const char* id) {
  static const recorte_algorithm algorithm = {sizeof algorithm, 0, open_, close_, outline, run};
  return strcmp(id, RECORTE_ALGORITHM_V1) == 0 ? &algorithm : NULL;
}

RECORTE_EXPORT const recorte_plugin* recorte_plugin_v1(const recorte_host* host,
                                                       recorte_error* err) {
  static const recorte_plugin plugin = {sizeof plugin,        RECORTE_ABI_MAJOR,
                                        RECORTE_TARGET_MINOR, recorte_manifest_text,
                                        get_interface,        NULL};
  (void)host, (void)err; /* to refuse: fail(err, …), and return NULL */
  return &plugin;
}
