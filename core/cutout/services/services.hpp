/// The host services of sdk/include/recorte/services.h, and drafts; each table has static life.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "sdk/include/recorte/draft/table.h"
#include "sdk/include/recorte/services.h"

namespace recorte::cutout {

const recorte_footprints* footprints_service();
const recorte_mosaic* mosaic_service();
const recorte_resample* resample_service();
const recorte_stretch* stretch_service();
const recorte_table* table_service();

}  // namespace recorte::cutout
