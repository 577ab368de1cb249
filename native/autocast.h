// The precision that autocast gives a device, whose interface libtorch has changed in 2.4.
#pragma once

#include <ATen/autocast_mode.h>
#include <torch/version.h>

#include <cstdint>

namespace anneal {

constexpr int32_t autocast_off = -1;

inline int32_t autocast_now(at::DeviceType type) {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    return at::autocast::is_autocast_enabled(type) ? static_cast<int32_t>(at::autocast::get_autocast_dtype(type)) : autocast_off;
#else
    if (type == at::kCUDA) {
        return at::autocast::is_enabled() ? static_cast<int32_t>(at::autocast::get_autocast_gpu_dtype()) : autocast_off;
    }
    return at::autocast::is_cpu_enabled() ? static_cast<int32_t>(at::autocast::get_autocast_cpu_dtype()) : autocast_off;
#endif
}

inline void set_autocast(at::DeviceType type, int32_t precision) {
    const bool enabled = precision != autocast_off;
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
    at::autocast::set_autocast_enabled(type, enabled);
    if (enabled) at::autocast::set_autocast_dtype(type, static_cast<at::ScalarType>(precision));
#else
    if (type == at::kCUDA) {
        at::autocast::set_enabled(enabled);
        if (enabled) at::autocast::set_autocast_gpu_dtype(static_cast<at::ScalarType>(precision));
    } else {
        at::autocast::set_cpu_enabled(enabled);
        if (enabled) at::autocast::set_autocast_cpu_dtype(static_cast<at::ScalarType>(precision));
    }
#endif
}

}  // namespace anneal
