/// What a plugin must not do, each as a function.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string_view>
#include <thread>

namespace vice {

inline void abort() { std::abort(); }
inline void exit() { std::exit(0); }
inline void throw_() { throw std::runtime_error("thrown by a vice"); }

inline void segfault() {
  volatile std::uintptr_t nowhere = 8;  // volatile: the compiler must not see through it
  *reinterpret_cast<volatile int*>(nowhere) = 1;
}

inline void loop() {
  volatile unsigned turns = 0;
  for (;;) turns = turns + 1;
}

/// Takes memory and touches it until none is given; stops short of harming the machine.
inline void hog() {
  constexpr std::size_t kBlock = 16U << 20;
  for (std::size_t taken = 0; taken < (4ULL << 30); taken += kBlock) {
    volatile char* block = new char[kBlock];
    for (std::size_t i = 0; i < kBlock; i += 1024) block[i] = 1;
  }
  std::abort();
}

/// Takes memory, touches it and forgets it; goes on where none is given.
inline void leak() {
  constexpr std::size_t kBlock = 64U << 20;
  if (auto* block = static_cast<volatile char*>(std::malloc(kBlock)))
    for (std::size_t i = 0; i < kBlock; i += 1024) block[i] = 1;
}

/// Starts threads that never end, each at work for good.
inline void threads() {
  for (int i = 0; i < 8; ++i) std::thread([] { loop(); }).detach();
}

/// Says something on every descriptor that there may be.
inline void shout(std::string_view text) {
  for (int descriptor = 0; descriptor < 64; ++descriptor)
    if (::write(descriptor, text.data(), text.size()) < 0) continue;
}

/// Leaves a file in the directory it runs in.
inline void litter() { ::close(::open("litter", O_WRONLY | O_CREAT | O_CLOEXEC, 0644)); }

}  // namespace vice
