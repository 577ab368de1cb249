// Vectors as the compiler sees them, and functions compiled once for each kind of processor.
#pragma once

#include <cstdint>
#include <cstring>

// Each marked function exists three times, for AVX-512, AVX2 and SSE2, and the loader takes the best that the processor runs.
#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__clang__) && __GNUC__ >= 12
#define ANNEAL_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define ANNEAL_CLONES
#endif

#define ANNEAL_INLINE inline __attribute__((always_inline))

namespace anneal {

template <class T>
struct Lanes;

template <>
struct Lanes<float> {
    // One register with AVX-512, two with AVX2, four without.
    typedef float Many __attribute__((vector_size(64)));
    // For what is left at the end.
    typedef float Few __attribute__((vector_size(16)));
};

template <>
struct Lanes<double> {
    typedef double Many __attribute__((vector_size(64)));
    typedef double Few __attribute__((vector_size(16)));
};

// Elements anywhere in memory; compiles to one unaligned move.
template <class Vector, class T>
ANNEAL_INLINE void load(Vector& vector, const T* from) {
    std::memcpy(&vector, from, sizeof vector);
}

template <class Vector, class T>
ANNEAL_INLINE void store(T* to, const Vector& vector) {
    std::memcpy(to, &vector, sizeof vector);
}

// Calls body(i, zero) for each group of elements up to `count`; `zero` is of the group's type: many elements, few, or one.
template <class T, class Body>
ANNEAL_INLINE void over_lanes(int64_t count, Body body) {
    using Many = typename Lanes<T>::Many;
    using Few = typename Lanes<T>::Few;
    constexpr int64_t many = sizeof(Many) / sizeof(T);
    constexpr int64_t few = sizeof(Few) / sizeof(T);
    int64_t i = 0;
    for (; i + many <= count; i += many) body(i, Many{});
    for (; i + few <= count; i += few) body(i, Few{});
    for (; i < count; i++) body(i, T{});
}

}  // namespace anneal
