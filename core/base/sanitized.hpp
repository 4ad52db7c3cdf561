/// Whether this is built under the address or the thread sanitizer. Their shadow memory is more
/// than any limit, so that no limit of memory can be set then.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace recorte {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // GCC
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)  // Clang
inline constexpr bool kSanitized =
    __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool kSanitized = false;
#endif

}  // namespace recorte
