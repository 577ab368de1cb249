// Lists of dense tensors walked side by side as one flat piece of memory.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/List.h>
#include <c10/util/SmallVector.h>

#include <algorithm>

namespace anneal {

using TensorList = c10::List<at::Tensor>;

// Below this many elements for each thread, waking it costs more than it does.
constexpr int64_t elements_per_thread = 64 * 1024;

// Whether two tensors' elements follow each other in memory in the same order. Strides of dimensions of size 1 say nothing.
inline bool same_order(const at::Tensor& left, const at::Tensor& right) {
    const auto sizes = left.sizes();
    if (!sizes.equals(right.sizes())) return false;
    const auto a = left.strides();
    const auto b = right.strides();
    for (size_t i = 0; i < sizes.size(); i++) {
        if (sizes[i] != 1 && a[i] != b[i]) return false;
    }
    return true;
}

// `source` in the memory order of `like`: itself, or a copy that `copies` keeps alive.
inline const at::Tensor& in_order_of(const at::Tensor& like, const at::Tensor& source, c10::SmallVectorImpl<at::Tensor>& copies) {
    if (same_order(like, source) && like.scalar_type() == source.scalar_type()) return source;
    TORCH_CHECK(like.sizes().equals(source.sizes()), "tensors side by side must have one shape, but are ", like.sizes(), " and ", source.sizes());
    copies.push_back(at::empty_strided(like.sizes(), like.strides(), like.options()).copy_(source.detach()));
    return copies.back();
}

// An optimizer's own tensors are made like their parameters, and stay so.
inline void require_alike(const at::Tensor& parameter, const at::Tensor& state) {
    TORCH_CHECK(
        same_order(parameter, state) && state.scalar_type() == parameter.scalar_type(),
        "an optimizer's state must have its parameter's type, shape and memory order");
}

inline const at::Tensor& gradient_of(const at::Tensor& parameter) {
    return parameter.unsafeGetTensorImpl()->grad();
}

// The memory of `width` tensors of one order and type.
template <int width>
struct Stretch {
    void* data[width];
    int64_t count;
    at::ScalarType type;

    template <class T>
    T* at(int which, int64_t element) const {
        return static_cast<T*>(data[which]) + element;
    }
};

template <int width>
using Stretches = c10::SmallVector<Stretch<width>, 80>;

inline bool is_plain(const at::Tensor& tensor) {
    const auto type = tensor.scalar_type();
    return tensor.is_cpu() && tensor.is_non_overlapping_and_dense() && (type == at::kFloat || type == at::kDouble);
}

// Calls body(stretch, from, to) until all elements are covered, on several threads where there are enough of them.
template <int width, class Body>
void over_stretches(const Stretches<width>& stretches, Body body) {
    int64_t total = 0;
    for (const auto& stretch : stretches) total += stretch.count;
    if (total < 2 * elements_per_thread) {
        for (const auto& stretch : stretches) body(stretch, int64_t{0}, stretch.count);
        return;
    }
    at::parallel_for(0, total, elements_per_thread, [&](int64_t begin, int64_t end) {
        int64_t start = 0;
        for (const auto& stretch : stretches) {
            const int64_t from = std::max(begin - start, int64_t{0});
            const int64_t to = std::min(end - start, stretch.count);
            if (from < to) body(stretch, from, to);
            start += stretch.count;
            if (start >= end) break;
        }
    });
}

}  // namespace anneal
