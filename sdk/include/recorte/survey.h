/* recorte/survey.h - the SURVEY interface: from a patch of sky to a list of images.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * An adapter knows WHERE a survey keeps its pixels; it does not open them. The host reads, projects,
 * caches, authorises and encodes. */
#ifndef RECORTE_SURVEY_H
#define RECORTE_SURVEY_H

#include "abi.h"

#ifdef __cplusplus
extern "C" {
#endif

#define RECORTE_SURVEY_V1 "recorte.survey/1"

/* What the pixels mean. RECORTE_ROLES is how many this header knows. */
typedef int32_t recorte_role;
enum { RECORTE_IMAGE, RECORTE_WEIGHT, RECORTE_VARIANCE, RECORTE_MASK, RECORTE_ROLES };

typedef int32_t recorte_region_kind;
enum { RECORTE_CIRCLE = 1, RECORTE_BOX, RECORTE_POLYGON, RECORTE_RANGE };

/* A plugin that does not know the kind takes the cap. */
typedef struct recorte_region {
  uint32_t struct_size;
  recorte_region_kind kind;
  double ra, dec, radius;          /* every kind: a cap that holds the region; a safe pre-filter */
  double width, height;            /* box: about (ra, dec), along RA and Dec there */
  double ra_min, ra_max;           /* range; ra_min > ra_max crosses RA 0 */
  double dec_min, dec_max;         /* range */
  const double *vertices;          /* polygon: ra0 dec0 ra1 dec1 ..., counter-clockwise */
  uint32_t vertex_count;           /* polygon */
  uint32_t reserved;
} recorte_region;

typedef struct recorte_query {
  uint32_t struct_size;
  uint32_t band_count;
  recorte_str release;           /* "": the default release */
  recorte_str image;             /* one image by id, wherever it lies; "": by region */
  const recorte_str *bands;      /* none: all */
  const recorte_region *region;
  double t_min, t_max;           /* NaN: unbounded */
} recorte_query;

/* Where the pixels of one role lie. */
typedef struct recorte_plane {
  uint32_t struct_size;
  recorte_role role;
  int32_t hdu;         /* 0 = primary; -1 = the HDU called extname, or the first image */
  int32_t cube_plane;  /* one plane of a cube; -1 = all */
  recorte_str uri;     /* an absolute path, or a URI that the host reads: file:, and http:, https:, s3:
                        * where the admin lists its host; never with credentials */
  recorte_str extname; /* used where hdu is -1 */
} recorte_plane;

/* One image: an exposure or coadd of one band, with its planes. The host adds a candidate to the
 * result only if its WCS truly meets the region, so a generous find() is correct, merely slower. */
typedef struct recorte_source {
  uint32_t struct_size;
  uint32_t plane_count;
  const recorte_plane *const *planes; /* the one of role RECORTE_IMAGE first */
  recorte_str id;              /* stable within the release: becomes obs_publisher_did */
  recorte_str release, band, version;
  recorte_str variant;         /* of several images of one place and time ("pbcor", "tapered"); or "" */
  recorte_str unit;            /* of the image plane; "": as its header says */
  recorte_str access_group;    /* "": public */
  recorte_str s_region;        /* ObsCore: "POLYGON ICRS ...", "CIRCLE ICRS ..."; or "" */
  double t_min, t_max;
  double exptime;              /* seconds */
  double zeropoint;            /* the magnitude of a source whose pixels sum to 1 */
  double depth;                /* larger is deeper, to choose between images; NaN: exptime counts */
  const recorte_pair *pairs;   /* further ObsCore columns and provenance, by their names */
  /* FITS cards that the headers of all its planes lack or have wrong: they count, and go into products.
   * Where CTYPE1 is among them they are the whole WCS, and no card of the file's own counts. A value is
   * as FITS writes it: 'text', T or F, a number; what is none of these is text. */
  const recorte_pair *cards;
  uint32_t pair_count, card_count;
} recorte_source;

typedef struct recorte_source_sink {
  uint32_t struct_size;
  uint32_t reserved;
  void *ctx;
  /* Copies. Anything but RECORTE_OK: stop, and return that status. [instance] */
  recorte_status (*add)(const struct recorte_source_sink *sink, const recorte_source *source);
} recorte_source_sink;

typedef struct recorte_survey {
  uint32_t struct_size;
  uint32_t reserved;

  /* Make an instance from the survey's TOML file. Load indexes here. [instance] */
  recorte_status (*open)(const recorte_host *host, const recorte_config *config, void **self,
                         recorte_error *err);
  void (*close)(void *self); /* [instance] */

  /* A JSON document (docs/reference/describe.md): title, releases, bands with wavelengths in metres,
   * planes, pixel_scale. [instance] */
  recorte_status (*describe)(void *self, const recorte_text_sink *out, recorte_error *err);

  /* Every source that may answer the query. No coverage is no error: add nothing, return RECORTE_OK.
   * [instance] */
  recorte_status (*find)(void *self, const recorte_call *call, const recorte_query *query,
                         const recorte_source_sink *out, recorte_error *err);
} recorte_survey;

#ifdef __cplusplus
}
#endif
#endif
