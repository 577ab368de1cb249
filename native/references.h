// Between the ABI's counted references and at::Tensor.
#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include "anneal_torch.h"

namespace anneal {

// Hands one reference out.
inline anneal_tensor give(at::Tensor tensor) {
    return tensor.defined() ? static_cast<anneal_tensor>(tensor.unsafeReleaseTensorImpl()) : nullptr;
}

// A reference of its own to a tensor that the caller keeps.
inline at::Tensor borrow(anneal_tensor tensor) {
    if (tensor == nullptr) return at::Tensor();
    auto* implementation = static_cast<c10::TensorImpl*>(tensor);
    return at::Tensor(c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim_copy(implementation));
}

// What operators on this thread draw from on a kind of device, where they are not told; null for the device's default one.
at::Generator*& generator_in_force(c10::DeviceType type);

}  // namespace anneal
