/* cfitsio_bulk IMAGE LIST DIRECTORY: CFITSIO cuts a list into files, the image opened once.
 * A line of LIST: a name, then first and last column and row, from 1. Each cutout is
 * fits_copy_image_section into a new file, as imcopy does it. Prints the seconds it took.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <fitsio.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void check(int status) {
  if (status == 0) return;
  fits_report_error(stderr, status);
  exit(1);
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char** argv) {
  if (argc != 4) {
    fputs("usage: cfitsio_bulk IMAGE LIST DIRECTORY\n", stderr);
    return 2;
  }
  FILE* list = fopen(argv[2], "r");
  if (!list) {
    perror(argv[2]);
    return 1;
  }
  const double begin = now();
  fitsfile* image = NULL;
  int status = 0;
  fits_open_image(&image, argv[1], READONLY, &status);
  check(status);
  char name[64];
  long x0, x1, y0, y1;
  while (fscanf(list, "%63s %ld %ld %ld %ld", name, &x0, &x1, &y0, &y1) == 5) {
    char path[4096], section[128];
    fitsfile* product = NULL;
    snprintf(path, sizeof path, "!%s/%s.fits", argv[3], name);
    snprintf(section, sizeof section, "%ld:%ld,%ld:%ld", x0, x1, y0, y1);
    fits_create_file(&product, path, &status);
    fits_copy_image_section(image, product, section, &status);
    fits_close_file(product, &status);
    check(status);
  }
  fits_close_file(image, &status);
  check(status);
  fclose(list);
  printf("%.6f\n", now() - begin);
  return 0;
}
