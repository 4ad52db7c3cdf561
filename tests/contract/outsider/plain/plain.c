/* The pixels of the first image, as stored: an algorithm in C, without the C++ wrapper. */
#include <recorte/algorithm.h>
#include <string.h>

RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);

static recorte_status open_(const recorte_host* host, const recorte_config* config, void** self,
                            recorte_error* err) {
  (void)config, (void)err;
  *self = (void*)host;
  return RECORTE_OK;
}

static void close_(void* self) { (void)self; }

static recorte_status outline(void* self, const recorte_job* job, recorte_error* err) {
  (void)self;
  recorte_output output = {.struct_size = sizeof output, .planes = 1};
  if (job->input_count == 0) return RECORTE_NO_COVERAGE;
  output.rect = job->inputs[0]->region;
  return job->declare(job, &output, err);
}

static recorte_status run(void* self, const recorte_job* job, recorte_error* err) {
  const recorte_host* host = self;
  recorte_image* image = NULL;
  recorte_status status = job->read(job, 0, RECORTE_IMAGE, &job->window, 0, &image, err);
  if (status == RECORTE_OK) {
    status = job->emit(job, image, err);
    host->image_release(host, image);
  }
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
  (void)host, (void)err;
  return &plugin;
}
