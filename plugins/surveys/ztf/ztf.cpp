// SPDX-License-Identifier: BSD-3-Clause
#include <recorte/sdk.hpp>

// What there is to know of ZTF stands in plugin.json.
RECORTE_PLUGIN(recorte::provides<recorte::IndexedSurvey>)
