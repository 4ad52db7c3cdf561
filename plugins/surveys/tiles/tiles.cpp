// SPDX-License-Identifier: BSD-3-Clause
#include <recorte/sdk.hpp>

RECORTE_PLUGIN(recorte::provides<recorte::IndexedSurvey>)
