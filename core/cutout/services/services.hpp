/// The host services of sdk/include/recorte/services.h, and drafts; each table has static life.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/plugin/host.hpp"
#include "sdk/include/recorte/draft/table.h"
#include "sdk/include/recorte/services.h"

namespace recorte::cutout {

const recorte_footprints* footprints_service();
const recorte_mosaic* mosaic_service();
const recorte_resample* resample_service();
const recorte_stretch* stretch_service();
const recorte_table* table_service();

/// All of them, before any plugin is loaded.
inline void offer_services(plugin::Host& host) {
  host.offer(RECORTE_FOOTPRINTS_V1, footprints_service());
  host.offer(RECORTE_MOSAIC_V1, mosaic_service());
  host.offer(RECORTE_RESAMPLE_V1, resample_service());
  host.offer(RECORTE_STRETCH_V1, stretch_service());
  host.offer(RECORTE_DRAFT_TABLE, table_service());
}

}  // namespace recorte::cutout
