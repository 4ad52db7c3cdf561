// SPDX-License-Identifier: BSD-3-Clause
#include "tables.hpp"

VICE_GOOD_ENTRY
