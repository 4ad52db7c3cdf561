/* SPDX-License-Identifier: BSD-3-Clause */
#pragma GCC diagnostic error "-Wpadded" /* a later member could slip into a hole */
#include <recorte/abi.h>
#include <recorte/algorithm.h>
#include <recorte/services.h>
#include <recorte/survey.h>
#pragma GCC diagnostic ignored "-Wpadded"

#include "layout.h"
