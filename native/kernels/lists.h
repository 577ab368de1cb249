// Lists of dense tensors walked side by side as one flat piece of memory.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/List.h>
#include <c10/util/SmallVector.h>

#include <algorithm>
#include <array>

namespace anneal {

using TensorList = c10::List<at::Tensor>;

// Below this many elements for each thread, waking it costs more than it does.
constexpr int64_t elements_per_thread = 64 * 1024;

// Whether two tensors' elements follow each other in memory in the same order. Strides of dimensions of size 1 say nothing.
inline bool same_order(const at::Tensor& left, const at::Tensor& right) {
    if (left.dim() != right.dim()) return false;
    const auto *left_sizes = left.sizes().data(), *right_sizes = right.sizes().data();
    const auto *left_strides = left.strides().data(), *right_strides = right.strides().data();
    for (int64_t i = 0; i < left.dim(); i++) {
        if (left_sizes[i] != right_sizes[i] || (left_strides[i] != right_strides[i] && left_sizes[i] != 1)) return false;
    }
    return true;
}

inline bool side_by_side(const at::Tensor& left, const at::Tensor& right) {
    return same_order(left, right) && left.scalar_type() == right.scalar_type();
}

inline const at::Tensor& gradient_of(const at::Tensor& parameter) {
    return parameter.unsafeGetTensorImpl()->grad();
}

inline bool is_memory(const at::Tensor& tensor) {
    return tensor.is_cpu() && tensor.layout() == at::kStrided;
}

inline bool is_plain(const at::Tensor& tensor) {
    const auto type = tensor.scalar_type();
    return is_memory(tensor) && tensor.is_non_overlapping_and_dense() && (type == at::kFloat || type == at::kDouble);
}

// The memory of tensors of one order and type.
template <size_t width>
struct Stretch {
    void* data[width];
    int64_t count;
    at::ScalarType type;

    template <class T>
    T* at(int which, int64_t element) const {
        return static_cast<T*>(data[which]) + element;
    }
};

// A stretch of a target, its source and its states. An optimizer's states are made like their parameters, and stay so.
template <size_t states>
Stretch<states + 2> stretch_of(const at::Tensor& target, const at::Tensor& source, const std::array<const TensorList*, states>& own, size_t i) {
    Stretch<states + 2> stretch{{target.data_ptr(), source.data_ptr()}, target.numel(), target.scalar_type()};
    for (size_t k = 0; k < states; k++) {
        const at::Tensor& state = (*own[k])[i];
        TORCH_CHECK(side_by_side(target, state), "an optimizer's state must have its parameter's type, shape and memory order");
        stretch.data[k + 2] = state.data_ptr();
    }
    return stretch;
}

// Updates each of `targets` from source(i), unless that is undefined: update(stretch, from, to) covers the elements of a target,
// its source and its states, on several threads where there are enough elements; other(i) is called for what is no plain
// memory. What describes a tensor lies spread over memory, and reading it takes as long as updating a small one: each thread
// reads of its own tensors only, and of all of them at once, so that the reads overlap.
template <size_t states, class Source, class Update, class Other>
void over_lists(const TensorList& targets, Source source, const std::array<const TensorList*, states>& own, Update update, Other other) {
    const size_t count = targets.size();
    int64_t total = 0;
    for (size_t i = 0; i < count; i++) total += targets[i].numel();
    // What is left for later, marked by the thread that has the first element.
    c10::SmallVector<char, 80> left(count, false);
    const auto cover = [&](int64_t begin, int64_t end) {
        struct Part {
            Stretch<states + 2> stretch;
            int64_t from;
            int64_t to;
        };
        c10::SmallVector<Part, 64> parts;
        c10::SmallVector<c10::TensorImpl*, 64> firsts;
        int64_t start = 0, next = 0;
        for (size_t i = 0; i < count && next < end; i++) {
            const at::Tensor& target = targets[i];
            start = next;
            next += target.numel();
            if (next <= begin) continue;
            const at::Tensor& from = source(i);
            if (!from.defined()) continue;
            const bool first = begin <= start;
            if (is_plain(target) && is_memory(from) && side_by_side(target, from)) {
                parts.push_back({stretch_of(target, from, own, i), std::max(begin, start) - start, std::min(end, next) - start});
                if (first) firsts.push_back(target.unsafeGetTensorImpl());
            } else if (first) {
                left[i] = true;
            }
        }
        // Apart from the reads: an atomic addition lets none of them overlap.
        for (auto* target : firsts) target->bump_version();
        for (const auto& part : parts) update(part.stretch, part.from, part.to);
    };
    if (total < 2 * elements_per_thread) cover(0, total);
    else at::parallel_for(0, total, elements_per_thread, cover);
    for (size_t i = 0; i < count; i++) {
        if (!left[i]) continue;
        const at::Tensor& target = targets[i];
        const at::Tensor& from = source(i);
        if (!is_plain(target) || !is_memory(from)) {
            other(i);
            continue;
        }
        TORCH_CHECK(target.sizes().equals(from.sizes()), "tensors side by side must have one shape, but are ", target.sizes(), " and ", from.sizes());
        const auto ordered = at::empty_strided(target.sizes(), target.strides(), target.options()).copy_(from.detach());
        const auto stretch = stretch_of(target, ordered, own, i);
        at::parallel_for(0, stretch.count, elements_per_thread, [&](int64_t begin, int64_t end) { update(stretch, begin, end); });
        target.unsafeGetTensorImpl()->bump_version();
    }
}

}  // namespace anneal
