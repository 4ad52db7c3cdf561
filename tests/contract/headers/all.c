/* SPDX-License-Identifier: BSD-3-Clause */
#include <recorte/abi.h>
#include <recorte/algorithm.h>
#include <recorte/services.h>
#include <recorte/survey.h>
