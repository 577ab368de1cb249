// The Euclidean norm of all gradients together, one pass over memory.
#include <torch/library.h>

#include <cmath>

#include "lanes.h"
#include "lists.h"

namespace anneal {
namespace {

// Squares are added in double precision, so no finite float32 gradient gives an infinite norm; any that is not finite does
// give one that is not. Float64 gradients beyond 1e154 read as infinite.
ANNEAL_CLONES double sum_of_squares(const float* values, int64_t count) {
    typedef float Read __attribute__((vector_size(32)));
    typedef double Sum __attribute__((vector_size(64)));
    Sum sums[4] = {};
    int64_t i = 0;
    for (; i + 32 <= count; i += 32) {
        for (int part = 0; part < 4; part++) {
            Read read;
            load(read, values + i + part * 8);
            const Sum wide = __builtin_convertvector(read, Sum);
            sums[part] += wide * wide;
        }
    }
    double sum = 0;
    for (; i < count; i++) sum += double(values[i]) * double(values[i]);
    const Sum lanes = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    for (int lane = 0; lane < 8; lane++) sum += lanes[lane];
    return sum;
}

double sum_of_squares(const double* values, int64_t count) {
    double sum = 0;
    for (int64_t i = 0; i < count; i++) sum += values[i] * values[i];
    return sum;
}

at::Tensor gradient_norm(TensorList parameters) {
    at::NoGradGuard no_gradient;
    // Sums of pieces that do not depend on the number of threads, added in order: the norm has the same bits with any.
    constexpr int64_t piece = 128 * 1024;
    struct Piece {
        const at::Tensor* gradient;
        int64_t from;
        int64_t count;
    };
    c10::SmallVector<Piece, 80> pieces;
    std::vector<at::Tensor> others;
    const TensorList& all = parameters;
    for (size_t i = 0; i < all.size(); i++) {
        const at::Tensor& gradient = gradient_of(all[i]);
        if (!gradient.defined()) continue;
        if (gradient.layout() == at::kStrided && is_plain(gradient)) {
            for (int64_t from = 0; from < gradient.numel(); from += piece) {
                pieces.push_back({&gradient, from, std::min(piece, gradient.numel() - from)});
            }
        } else {
            others.push_back(at::linalg_vector_norm(gradient, 2, at::OptionalIntArrayRef(), false, at::kDouble));
        }
    }
    c10::SmallVector<double, 80> sums(pieces.size());
    const auto add = [&](int64_t begin, int64_t end) {
        for (int64_t i = begin; i < end; i++) {
            const void* data = pieces[i].gradient->data_ptr();
            sums[i] = pieces[i].gradient->scalar_type() == at::kFloat
                ? sum_of_squares(static_cast<const float*>(data) + pieces[i].from, pieces[i].count)
                : sum_of_squares(static_cast<const double*>(data) + pieces[i].from, pieces[i].count);
        }
    };
    int64_t total = 0;
    for (const auto& part : pieces) total += part.count;
    if (total < 2 * elements_per_thread) add(0, pieces.size());
    else at::parallel_for(0, pieces.size(), 1, add);
    double sum = 0;
    for (const double part : sums) sum += part;
    const auto norm = at::scalar_tensor(std::sqrt(sum), at::kDouble);
    if (others.empty()) return norm;
    others.push_back(norm.to(others[0].device()));
    return at::linalg_vector_norm(at::stack(others));
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(anneal, library) {
    library.def("gradient_norm(Tensor[] parameters) -> Tensor", gradient_norm);
}

}  // namespace anneal
