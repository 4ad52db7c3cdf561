/* recorte/algorithm.h - the ALGORITHM interface: from source images to product pixels.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * First outline() declares the products, each a rectangle on the pixel grid of an input, or on the
 * target grid. Then the host asks, by run(), for one window of one product after another (whole rows;
 * the whole product where it is small), so that a product's size is bounded by no memory. An algorithm
 * never sees a file or an output format. */
#ifndef RECORTE_ALGORITHM_H
#define RECORTE_ALGORITHM_H

#include "survey.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RECORTE_ALGORITHM_V1 "recorte.algorithm/1"

/* In the place of an input's number: the target grid. */
#define RECORTE_TARGET 0xFFFFFFFFU

/* One image that meets the region, its planes paired. */
typedef struct recorte_input {
  uint32_t struct_size;
  uint32_t roles;               /* bit (1 << role): the planes that read() can give; one may be of a
                                 * role that the plugin does not know */
  const recorte_source *source;
  int64_t width, height;        /* of the whole image */
  int64_t planes;               /* of a cube; else 1 */
  recorte_rect region;          /* the pixels that the region selects on this image; for a box it may
                                 * leave the image */
  double coverage;              /* the fraction of the region on this image, [0, 1] */
  double scale_x, scale_y;      /* degrees a pixel, along its axes */
  int32_t bitpix;               /* of the image plane, as stored */
  int32_t aligned;              /* non-zero: pixel (x, y) of it is pixel (x + shift_x, y + shift_y) of
                                 * the target grid, to 1e-4 pixel */
  int64_t shift_x, shift_y;
  recorte_str unit;             /* of the image plane: the survey's word, else BUNIT; or "" */
} recorte_input;

/* The grid that an algorithm which combines images brings them onto ("combines": true in its
 * manifest): the host chooses it, from the images and from what the user asked for (a pixel scale,
 * north up, so many pixels). */
typedef struct recorte_grid {
  uint32_t struct_size;
  uint32_t reserved;
  recorte_rect rect;            /* the pixels that the region selects */
  double scale_x, scale_y;      /* degrees a pixel, along its axes */
} recorte_grid;

typedef struct recorte_band {
  uint32_t struct_size;
  uint32_t reserved;
  recorte_str name;
  double lambda_min, lambda_max; /* metres */
} recorte_band;

/* A product that the algorithm will make. */
typedef struct recorte_output {
  uint32_t struct_size;
  uint32_t input;            /* whose header it has, and whose pixel grid, unless on_target */
  recorte_role role;         /* which plane of it */
  int32_t bitpix;            /* 0: as stored */
  recorte_rect rect;         /* on that grid */
  int64_t planes;            /* 0: as stored; for a picture 1 to 4 */
  int32_t on_target;         /* non-zero: rect is on the target grid */
  int32_t colour;            /* non-zero: a picture, bitpix 8: grey, or red, green, blue; and alpha */
  int32_t blank;             /* non-zero: a stand-in without pixels of its own (a missing band) */
  uint32_t card_count;
  const recorte_pair *cards; /* further header cards, as those of recorte_source */
  recorte_str band;          /* "" where it has several */
  recorte_str name;          /* EXTNAME, where the product has several HDUs; "": the host names it */
} recorte_output;

typedef struct recorte_job {
  uint32_t struct_size;
  uint32_t input_count;
  const recorte_call *call;
  const recorte_input *const *inputs; /* by band in the order of bands, then by preference */
  const recorte_band *const *bands; /* those asked for, or all of the survey, whether covered or not */
  const recorte_region *region;
  const recorte_grid *target;   /* NULL for an algorithm that does not combine */
  const recorte_config *params; /* the user's over the survey's over the schema's defaults */
  uint32_t band_count;
  uint32_t roles;               /* bit (1 << role): the planes asked for */
  uint32_t output;              /* run(): which of the declared outputs, from 0 */
  uint32_t reserved;
  recorte_rect window;          /* run(): which part of it, on its grid */
  void *ctx;

  /* outline(): declares the next output. Copies. [instance] */
  recorte_status (*declare)(const struct recorte_job *job, const recorte_output *output,
                            recorte_error *err);

  /* rect may leave the image: pixels outside are NaN (float) or BLANK. bitpix 0 = as stored;
   * RECORTE_F32, RECORTE_F64 = scaled by BSCALE and BZERO, BLANK as NaN. *out: the caller owns one
   * count. [instance] */
  recorte_status (*read)(const struct recorte_job *job, uint32_t input, recorte_role role,
                         const recorte_rect *rect, int32_t bitpix, recorte_image **out,
                         recorte_error *err);

  /* n points, interleaved: x0 y0 x1 y1 ..., ra0 dec0 ra1 dec1 .... What does not project becomes NaN.
   * input may be RECORTE_TARGET. [any] */
  recorte_status (*to_sky)(const struct recorte_job *job, uint32_t input, uint64_t n,
                           const double *xy, double *radec, recorte_error *err);
  recorte_status (*to_pixel)(const struct recorte_job *job, uint32_t input, uint64_t n,
                             const double *radec, double *xy, recorte_error *err);

  /* run(): the pixels of the window, in an image of the host: window.width x window.height x the
   * output's planes. The host takes its own count. [instance] */
  recorte_status (*emit)(const struct recorte_job *job, recorte_image *image, recorte_error *err);
} recorte_job;

typedef struct recorte_algorithm {
  uint32_t struct_size;
  uint32_t reserved;
  /* config: the algorithm's own settings by the admin; {} where there are none. [instance] */
  recorte_status (*open)(const recorte_host *host, const recorte_config *config, void **self,
                         recorte_error *err);
  void (*close)(void *self); /* [instance] */
  recorte_status (*outline)(void *self, const recorte_job *job, recorte_error *err); /* [instance] */
  recorte_status (*run)(void *self, const recorte_job *job, recorte_error *err);     /* [instance] */
} recorte_algorithm;

#ifdef __cplusplus
}
#endif
#endif
