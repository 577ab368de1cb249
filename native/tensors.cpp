// Tensors from and to memory, what they are, and their gradients.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cstring>
#include <limits>

#include "autocast.h"
#include "guarded.h"
#include "references.h"

namespace {

// Multiplies without overflow and before anything is allocated: sizes may come from a file.
void require_bytes(c10::IntArrayRef sizes, at::ScalarType type, int64_t bytes) {
    bool empty = false;
    for (int64_t size : sizes) {
        TORCH_CHECK(size >= 0, "a tensor's sizes must not be negative, but are ", sizes);
        empty = empty || size == 0;
    }
    int64_t held = empty ? 0 : static_cast<int64_t>(c10::elementSize(type));
    for (int64_t size : sizes) {
        TORCH_CHECK(
            held == 0 || size <= std::numeric_limits<int64_t>::max() / held,
            "the bytes of a tensor of shape ", sizes, " and type ", type, " do not fit 64 bits, but ", bytes, " were given");
        held *= size;
    }
    TORCH_CHECK(
        held == bytes,
        "a tensor of shape ", sizes, " and type ", type, " holds ", held, " bytes, but ", bytes, " were given");
}

void require_bytes(const at::Tensor& tensor, int64_t bytes) {
    require_bytes(tensor.sizes(), tensor.scalar_type(), bytes);
}

const c10::TensorImpl& implementation(anneal_tensor tensor) {
    TORCH_CHECK(tensor != nullptr, "the tensor is undefined");
    return *static_cast<c10::TensorImpl*>(tensor);
}

}  // namespace

anneal_status anneal_tensor_release(anneal_tensor tensor) {
    return anneal::guarded([&] {
        if (tensor != nullptr) {
            auto* implementation = static_cast<c10::TensorImpl*>(tensor);
            c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>::reclaim(implementation);
        }
    });
}

anneal_status anneal_tensor_retain(anneal_tensor tensor, anneal_tensor* same) {
    return anneal::guarded([&] { *same = anneal::give(anneal::borrow(tensor)); });
}

anneal_status anneal_tensor_from_memory(
    const void* data, int64_t bytes, const int64_t* sizes, int32_t dimensions, int32_t scalar_type, anneal_tensor* created) {
    return anneal::guarded([&] {
        const auto type = static_cast<at::ScalarType>(scalar_type);
        const c10::IntArrayRef shape(sizes, dimensions);
        require_bytes(shape, type, bytes);
        auto tensor = at::empty(shape, at::TensorOptions().dtype(type));
        if (bytes > 0) std::memcpy(tensor.data_ptr(), data, bytes);
        *created = anneal::give(std::move(tensor));
    });
}

anneal_status anneal_tensor_to_memory(anneal_tensor tensor, void* destination, int64_t bytes) {
    return anneal::guarded([&] {
        auto rows = anneal::borrow(tensor).detach().cpu().contiguous();
        require_bytes(rows, bytes);
        if (bytes > 0) std::memcpy(destination, rows.data_ptr(), bytes);
    });
}

anneal_status anneal_tensor_load(anneal_tensor tensor, const void* data, int64_t bytes) {
    return anneal::guarded([&] {
        auto target = anneal::borrow(tensor).detach();
        require_bytes(target, bytes);
        if (bytes == 0) return;
        auto rows = at::empty(target.sizes(), at::TensorOptions().dtype(target.scalar_type()));
        std::memcpy(rows.data_ptr(), data, bytes);
        target.copy_(rows);
    });
}

anneal_status anneal_tensor_describe(anneal_tensor tensor, anneal_description* description) {
    return anneal::guarded([&] {
        const auto& described = implementation(tensor);
        const auto device = described.device();
        description->elements = described.numel();
        description->scalar_type = static_cast<int32_t>(c10::typeMetaToScalarType(described.dtype()));
        description->device_type = static_cast<int32_t>(device.type());
        description->device_index = device.index();
        description->dimensions = static_cast<int32_t>(described.dim());
        description->requires_gradient = described.requires_grad();
        description->is_contiguous = described.is_contiguous();
        description->is_channels_last = described.is_contiguous(at::MemoryFormat::ChannelsLast);
        description->reserved = 0;
    });
}

anneal_status anneal_tensor_sizes(anneal_tensor tensor, int64_t* sizes, int64_t* strides, int32_t capacity) {
    return anneal::guarded([&] {
        const auto& described = implementation(tensor);
        TORCH_CHECK(described.dim() <= capacity, "a tensor of ", described.dim(), " dimensions does not fit ", capacity);
        for (int64_t i = 0; i < described.dim(); i++) {
            sizes[i] = described.sizes()[i];
            strides[i] = described.strides()[i];
        }
    });
}

anneal_status anneal_tensor_item(anneal_tensor tensor, double* real, int64_t* integer) {
    return anneal::guarded([&] {
        const auto& one = implementation(tensor);
        if (one.device().is_cpu() && one.numel() == 1 && one.layout() == at::kStrided) {
            // Without the dispatcher, which would take as long as all the rest.
            switch (c10::typeMetaToScalarType(one.dtype())) {
                case at::kFloat: *real = *static_cast<const float*>(one.data()); *integer = 0; return;
                case at::kDouble: *real = *static_cast<const double*>(one.data()); *integer = 0; return;
                case at::kLong: *integer = *static_cast<const int64_t*>(one.data()); *real = double(*integer); return;
                default: break;
            }
        }
        auto scalar = anneal::borrow(tensor).item();
        *real = scalar.toDouble();
        *integer = scalar.isFloatingPoint() ? 0 : scalar.toLong();
    });
}

anneal_status anneal_tensor_set_requires_gradient(anneal_tensor tensor, int32_t required) {
    return anneal::guarded([&] { anneal::borrow(tensor).set_requires_grad(required != 0); });
}

anneal_status anneal_tensor_gradient(anneal_tensor tensor, anneal_tensor* gradient) {
    // The implementation's own: at::Tensor::grad() writes a warning where a tensor is no leaf.
    return anneal::guarded([&] { *gradient = anneal::give(implementation(tensor).grad()); });
}

anneal_status anneal_tensor_set_gradient(anneal_tensor tensor, anneal_tensor gradient) {
    return anneal::guarded([&] {
        auto target = anneal::borrow(tensor);
        auto given = anneal::borrow(gradient);
        // libtorch does not check this below Python, and what reads a gradient trusts it.
        TORCH_CHECK(
            !given.defined() || (given.sizes() == target.sizes() && given.scalar_type() == target.scalar_type() && given.device() == target.device()),
            "a gradient must have its tensor's shape, type and device, ", target.sizes(), " ", target.scalar_type(), " ", target.device(),
            ", but has ", given.sizes(), " ", given.scalar_type(), " ", given.device());
        target.mutable_grad() = std::move(given);
    });
}

anneal_status anneal_tensor_backward(anneal_tensor tensor, anneal_tensor gradient, int32_t keep_graph) {
    return anneal::guarded([&] { anneal::borrow(tensor).backward(anneal::borrow(gradient), keep_graph != 0); });
}

anneal_status anneal_gradient_mode(int32_t enabled, int32_t* before) {
    return anneal::guarded([&] {
        *before = at::GradMode::is_enabled();
        at::GradMode::set_enabled(enabled != 0);
    });
}

anneal_status anneal_autocast_enter(int32_t device_type, int32_t precision, int32_t* before) {
    return anneal::guarded([&] {
        const auto type = static_cast<at::DeviceType>(device_type);
        *before = anneal::autocast_now(type);
        anneal::set_autocast(type, precision);
        at::autocast::increment_nesting();
    });
}

anneal_status anneal_autocast_leave(int32_t device_type, int32_t before) {
    return anneal::guarded([&] {
        if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
        anneal::set_autocast(static_cast<at::DeviceType>(device_type), before);
    });
}
