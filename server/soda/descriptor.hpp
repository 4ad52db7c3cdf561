/// What `sync` says of itself: the VOTable with the service descriptor (DataLink 1.1, 4) that
/// clients such as pyvo and TOPCAT build their forms from. Answers MAXREC=0 (DALI 1.1, 3.4.4).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace recorte::soda {

/// `sync_url`: absolute. `id`: the data that the descriptor is for; "" for any.
std::string service_descriptor(const std::string& sync_url, const std::string& id);

}  // namespace recorte::soda
