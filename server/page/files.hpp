/// The page's files, as they stand in this folder; CMake puts them into the program.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace recorte::page {

extern const std::string_view kHomeHtml, kDocsHtml, kPluginHtml, kDocsJs, kStyleCss, kFaviconSvg;

}  // namespace recorte::page
