// Tensors from and to memory, what they are, and their gradients.
#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>
#include <torch/version.h>

#include <cstring>

#include "guarded.h"
#include "references.h"

namespace {

std::vector<int64_t> read_sizes(const int64_t* sizes, int32_t dimensions) {
    return std::vector<int64_t>(sizes, sizes + dimensions);
}

void require_bytes(const at::Tensor& tensor, int64_t bytes) {
    TORCH_CHECK(
        static_cast<int64_t>(tensor.numel() * tensor.element_size()) == bytes,
        "a tensor of shape ", tensor.sizes(), " and type ", tensor.scalar_type(), " holds ",
        tensor.numel() * tensor.element_size(), " bytes, but ", bytes, " were given");
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
        auto tensor = at::empty(
            read_sizes(sizes, dimensions), at::TensorOptions().dtype(static_cast<at::ScalarType>(scalar_type)));
        require_bytes(tensor, bytes);
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
        auto* described = static_cast<c10::TensorImpl*>(tensor);
        const auto device = described->device();
        description->elements = described->numel();
        description->scalar_type = static_cast<int32_t>(c10::typeMetaToScalarType(described->dtype()));
        description->device_type = static_cast<int32_t>(device.type());
        description->device_index = device.index();
        description->dimensions = static_cast<int32_t>(described->dim());
        description->requires_gradient = described->requires_grad();
        description->is_contiguous = described->is_contiguous();
        description->is_channels_last = described->is_contiguous(at::MemoryFormat::ChannelsLast);
        description->reserved = 0;
    });
}

anneal_status anneal_tensor_sizes(anneal_tensor tensor, int64_t* sizes, int64_t* strides, int32_t capacity) {
    return anneal::guarded([&] {
        auto* described = static_cast<c10::TensorImpl*>(tensor);
        TORCH_CHECK(described->dim() <= capacity, "a tensor of ", described->dim(), " dimensions does not fit ", capacity);
        for (int64_t i = 0; i < described->dim(); i++) {
            sizes[i] = described->sizes()[i];
            strides[i] = described->strides()[i];
        }
    });
}

anneal_status anneal_tensor_item(anneal_tensor tensor, double* real, int64_t* integer) {
    return anneal::guarded([&] {
        auto scalar = anneal::borrow(tensor).item();
        *real = scalar.toDouble();
        *integer = scalar.isFloatingPoint() ? 0 : scalar.toLong();
    });
}

anneal_status anneal_tensor_set_requires_gradient(anneal_tensor tensor, int32_t required) {
    return anneal::guarded([&] { anneal::borrow(tensor).set_requires_grad(required != 0); });
}

anneal_status anneal_tensor_gradient(anneal_tensor tensor, anneal_tensor* gradient) {
    return anneal::guarded([&] { *gradient = anneal::give(anneal::borrow(tensor).grad()); });
}

anneal_status anneal_tensor_set_gradient(anneal_tensor tensor, anneal_tensor gradient) {
    return anneal::guarded([&] { anneal::borrow(tensor).mutable_grad() = anneal::borrow(gradient); });
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

anneal_status anneal_autocast(int32_t device_type, int32_t enabled, int32_t scalar_type) {
    return anneal::guarded([&] {
        const auto type = static_cast<at::DeviceType>(device_type);
        const auto precision = static_cast<at::ScalarType>(scalar_type);
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 4)
        at::autocast::set_autocast_enabled(type, enabled != 0);
        at::autocast::set_autocast_dtype(type, precision);
#else
        if (type == at::kCUDA) {
            at::autocast::set_enabled(enabled != 0);
            at::autocast::set_autocast_gpu_dtype(precision);
        } else {
            at::autocast::set_cpu_enabled(enabled != 0);
            at::autocast::set_autocast_cpu_dtype(precision);
        }
#endif
        const int nesting = enabled ? at::autocast::increment_nesting() : at::autocast::decrement_nesting();
        if (nesting == 0) at::autocast::clear_cache();
    });
}
