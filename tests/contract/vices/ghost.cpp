// SPDX-License-Identifier: BSD-3-Clause
// The library that missing_dependency needs and will not find.
extern "C" __attribute__((visibility("default"))) int vice_ghost() { return 0; }
