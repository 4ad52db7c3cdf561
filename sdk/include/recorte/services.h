/* recorte/services.h - what the core already has and plugins need.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A service is fetched by host->service(id); NULL means that this host lacks it. A function that came
 * in a later minor version is asked for by RECORTE_HAS(). */
#ifndef RECORTE_SERVICES_H
#define RECORTE_SERVICES_H

#include "algorithm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- recorte.resample/1: an input on another grid ----------------------------------------------- */

#define RECORTE_RESAMPLE_V1 "recorte.resample/1"

typedef int32_t recorte_kernel;
enum { RECORTE_NEAREST, RECORTE_BILINEAR, RECORTE_LANCZOS3 };

typedef struct recorte_resample {
  uint32_t struct_size;
  uint32_t reserved;
  /* The pixels of one role of input, scaled to float, at the pixel centres of rect on the grid of the
   * input `grid`, or of RECORTE_TARGET; NaN where there is no image or a NaN. Near those a smaller
   * kernel is used. Where both share a grid, exact; where the grid's pixels are larger, averaged over
   * their area. Surface brightness is conserved. *out is RECORTE_F32. [instance] */
  recorte_status (*onto)(const recorte_job *job, uint32_t input, recorte_role role, uint32_t grid,
                         const recorte_rect *rect, recorte_kernel kernel, recorte_image **out,
                         recorte_error *err);
} recorte_resample;

/* --- recorte.mosaic/1: all inputs of a band on the target grid ---------------------------------- */

#define RECORTE_MOSAIC_V1 "recorte.mosaic/1"

typedef int32_t recorte_combine;
enum {
  RECORTE_MEAN,   /* weighted by the weight plane, else by 1 / variance, where every input has it */
  RECORTE_MEDIAN,
  RECORTE_FIRST   /* of the inputs in their order, the first that has a value; weights are not read */
};

typedef int32_t recorte_conserve;
enum {
  RECORTE_FLUX,               /* a pixel is multiplied by its area, in pixels of the input */
  RECORTE_SURFACE_BRIGHTNESS
};

typedef struct recorte_mosaic_options {
  uint32_t struct_size;
  recorte_kernel kernel;
  recorte_combine combine;
  recorte_conserve conserve;
  int32_t exact_mapping;    /* non-zero: every pixel is mapped by itself; else to 1e-4 pixel */
  int32_t match_background; /* non-zero: constants are added that level the inputs where they overlap */
} recorte_mosaic_options;

typedef struct recorte_mosaic {
  uint32_t struct_size;
  uint32_t reserved;
  /* The inputs of *job->bands[band], at the pixels of rect on the target grid, brought to the zero
   * point of the band's first. Image, weight and variance are RECORTE_F32, NaN where there is
   * nothing. A mask, which must be of integers, is of its stored type, by the nearest pixels, those
   * of all inputs joined by OR (of the first, for RECORTE_FIRST); BLANK where there is nothing.
   * RECORTE_INVALID where zero points differ that are not known, or units do. [instance] */
  recorte_status (*band)(const recorte_job *job, uint32_t band, recorte_role role,
                         const recorte_rect *rect, const recorte_mosaic_options *options,
                         recorte_image **out, recorte_error *err);
} recorte_mosaic;

/* --- recorte.stretch/1: from flux to a byte ----------------------------------------------------- */

#define RECORTE_STRETCH_V1 "recorte.stretch/1"

typedef int32_t recorte_curve;
enum { RECORTE_LINEAR, RECORTE_SQRT, RECORTE_LOG, RECORTE_ASINH };

typedef struct recorte_stretch {
  uint32_t struct_size;
  uint32_t reserved;
  /* With t = (in - black) / (white - black) clipped to [0, 1], out = round(255 f(t)): linear t; sqrt;
   * log ln(1 + a t) / ln(1 + a); asinh asinh(a t) / asinh(a), a = softness > 0. NaN gives 0. [any] */
  void (*to_bytes)(recorte_curve curve, double black, double white, double softness, uint64_t n,
                   const float *in, uint8_t *out);
  /* The values below which `low` and `high` per cent of the finite samples lie. RECORTE_INVALID where
   * there is none. [any] */
  recorte_status (*percentiles)(const float *samples, uint64_t n, double low, double high,
                                double *black, double *white, recorte_error *err);
  /* The limits of IRAF's zscale: a line fitted to the sorted samples about their median, outliers
   * rejected, its slope divided by contrast (usually 0.25). RECORTE_INVALID where none is finite. [any] */
  recorte_status (*zscale)(const float *samples, uint64_t n, double contrast, double *black,
                           double *white, recorte_error *err);
} recorte_stretch;

/* --- recorte.footprints/1: which of a million images meet a region ------------------------------ */

#define RECORTE_FOOTPRINTS_V1 "recorte.footprints/1"

typedef struct recorte_footprint_set recorte_footprint_set; /* opaque */

/* What the sources of a set have in common; for describe(). Lives as long as the set. */
typedef struct recorte_footprint_summary {
  uint32_t struct_size;
  uint32_t roles;            /* bit (1 << role): the planes that some source has */
  uint64_t images;
  const recorte_str *bands;  /* each once */
  uint32_t band_count;
  uint32_t reserved;
  double pixel_scale;        /* degrees a pixel, the largest */
} recorte_footprint_summary;

typedef struct recorte_footprints {
  uint32_t struct_size;
  uint32_t reserved;
  /* An index that `recorte survey index` wrote; mapped and shared. root: the directory that its paths
   * begin in. [any] */
  recorte_status (*open)(const recorte_host *host, recorte_str path, recorte_str root,
                         recorte_footprint_set **out, recorte_error *err);
  /* A set in memory, of sources that carry s_region. Copies. [any] */
  recorte_status (*make)(const recorte_host *host, const recorte_source *const *sources,
                         uint64_t count, recorte_footprint_set **out, recorte_error *err);
  void (*close)(recorte_footprint_set *set); /* [any] */
  const recorte_footprint_summary *(*summary)(const recorte_footprint_set *set); /* [any] */
  /* Every source that may answer the query: by region, bands, times, image id. [any] */
  recorte_status (*find)(const recorte_footprint_set *set, const recorte_call *call,
                         const recorte_query *query, const recorte_source_sink *out,
                         recorte_error *err);
} recorte_footprints;

#ifdef __cplusplus
}
#endif
#endif
