/// recorte/sdk.hpp - write a plugin in modern C++; the C ABI stays out of sight.
///
///   class MySurvey : public recorte::Survey { … };        // describe() and find()
///   class MyTiles : public recorte::IndexedSurvey { … };  // only what is strange about it
///   class MyAlgorithm : public recorte::Algorithm { … };  // outline() and run()
///   RECORTE_PLUGIN(recorte::provides<MySurvey>, recorte::provides<MyAlgorithm>)
///
/// Header-only, C++20, no dependency but the standard library. Everything is compiled into the
/// plugin with hidden visibility; nothing here crosses the boundary. Report failure by throwing
/// recorte::Error (or any std::exception, which the host files as a bug in the plugin).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "detail/plugin.hpp"
