/* The build fails, with a sentence, where the headers are not as version 1 was frozen: a size, an
 * offset, a type, a number, an id. For C and C++.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef LAYOUT_H
#define LAYOUT_H

#include <recorte/services.h>

#define FROZEN ": version 1 of the ABI is frozen, see docs/explanation/abi-policy.md"

#ifdef __cplusplus
#include <string_view>
#include <type_traits>
#define HOLDS static_assert
#define SAME_TYPE(type, member, ...) std::is_same_v<decltype(type::member), __VA_ARGS__>
#define SAME_SCALAR(type, of) std::is_same_v<type, of>
#define SAME_TEXT(a, b) (std::string_view(a) == std::string_view(b))
#else
#define HOLDS _Static_assert
#define SAME_TYPE(type, member, ...) \
  __builtin_types_compatible_p(__typeof__(((type *)0)->member), __VA_ARGS__)
#define SAME_SCALAR(type, of) __builtin_types_compatible_p(type, of)
#define SAME_TEXT(a, b) (__builtin_strcmp(a, b) == 0)
#endif

#define STRUCT(type, size) HOLDS(sizeof(type) == size, #type " is no longer " #size " bytes" FROZEN);
#define MEMBER(type, at, member, ...)                                                              \
  HOLDS(offsetof(type, member) == at, #type "." #member " is no longer at byte " #at FROZEN);      \
  HOLDS(SAME_TYPE(type, member, __VA_ARGS__), #type "." #member " is no longer " #__VA_ARGS__ FROZEN);
#define SCALAR(type, of) HOLDS(SAME_SCALAR(type, of), #type " is no longer " #of FROZEN);
#define VALUE(name, value) HOLDS(name == value, #name " is no longer " #value FROZEN);
#define TEXT(name, value) HOLDS(SAME_TEXT(name, value), #name " is no longer " #value FROZEN);

#include "frozen.inc"

#endif
