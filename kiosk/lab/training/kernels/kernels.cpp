// The operations that take most of a training step on a CPU, in rows of channels (NHWC).
//
// Each is there for float32 and for bfloat16: what is kept between two operations may be bfloat16,
// which halves what goes through memory, but all sums are of float32 or double.
//
// PyTorch runs each as several passes over memory (batch norm, SiLU, their gradients) or slowly
// (the gradients of depthwise convolutions).  One thread: the caller runs one replica a thread.
// Tested against PyTorch's own in tests/lab/training/test_kernels.py.

#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace {

constexpr int LANES = 16;  // floats in an AVX-512 register; every depthwise layer has 16 n channels
constexpr int BLOCK = 64;  // rows summed in float before the sum moves on to double

// The upper half of a float32, rounded to nearest even.
struct bf16 {
    uint16_t bits;
};

inline float load(float v) { return v; }
inline float load(bf16 v) { return __builtin_bit_cast(float, uint32_t(v.bits) << 16); }
inline void store(float* at, float v) { *at = v; }
inline void store(bf16* at, float v) {
    const uint32_t u = __builtin_bit_cast(uint32_t, v);
    at->bits = uint16_t((u + 0x7fff + ((u >> 16) & 1)) >> 16);
}

typedef float vec __attribute__((vector_size(64), aligned(4), may_alias));
typedef uint32_t uvec __attribute__((vector_size(64), aligned(4), may_alias));
typedef uint16_t hvec __attribute__((vector_size(32), aligned(2), may_alias));

inline vec load_vec(const float* at) { return *(const vec*)at; }
inline vec load_vec(const bf16* at) {
    return (vec)(__builtin_convertvector(*(const hvec*)at, uvec) << 16);
}
inline void store_vec(float* at, vec v) { *(vec*)at = v; }
inline void store_vec(bf16* at, vec v) {
    const uvec u = (uvec)v;
    *(hvec*)at = __builtin_convertvector((u + 0x7fff + ((u >> 16) & 1)) >> 16, hvec);
}

// Bounded, since -ffast-math divides by way of a reciprocal that makes NaN of infinity.
inline float sigmoid(float z) { return 1.0f / (1.0f + std::exp(-(z > -80.0f ? z : -80.0f))); }

inline float silu_slope(float z) {
    const float t = sigmoid(z);
    return t * (1.0f + z * (1.0f - t));
}

// One image, 16 channels: copy rows x cols into a zeroed tile with a border, `step` apart.
template <class T>
void fill_tile(const T* x, int rows, int cols, int channels, float* tile, int tile_rows,
               int tile_cols, int border, int step) {
    std::memset(tile, 0, sizeof(float) * tile_rows * tile_cols * LANES);
    for (int r = 0; r < rows; ++r)
        for (int c = 0; c < cols; ++c)
            *(vec*)(tile + ((r * step + border) * tile_cols + c * step + border) * LANES) =
                load_vec(x + (r * cols + c) * channels);
}

template <int K, class T>
void depthwise_backward(const T* x, const T* dy, const float* weight, T* dx, float* dweight,
                        int images, int height, int width, int out_height, int out_width,
                        int channels, int stride) {
    constexpr int P = K / 2;
    const int tile_rows = height + 2 * P + stride, tile_cols = width + 2 * P + stride;
    std::vector<float> x_store(tile_rows * tile_cols * LANES + LANES);
    std::vector<float> y_store(tile_rows * tile_cols * LANES + LANES);
    auto align = [](std::vector<float>& v) {
        return reinterpret_cast<float*>((reinterpret_cast<size_t>(v.data()) + 63) & ~size_t(63));
    };
    float *xt = align(x_store), *yt = align(y_store);
    std::memset(dweight, 0, sizeof(float) * channels * K * K);
    std::vector<float> grad(K * K * LANES);
    for (int block = 0; block < channels; block += LANES) {
        vec w[K * K], total[K * K];
        for (int k = 0; k < K * K; ++k)
            for (int l = 0; l < LANES; ++l) {
                w[k][l] = weight[(block + l) * K * K + K * K - 1 - k];  // flipped
                total[k][l] = 0;
            }
        for (int n = 0; n < images; ++n) {
            const T* xn = x + (size_t)n * height * width * channels + block;
            const T* yn = dy + (size_t)n * out_height * out_width * channels + block;
            T* dn = dx + (size_t)n * height * width * channels + block;
            fill_tile(xn, height, width, channels, xt, tile_rows, tile_cols, P, 1);
            // Gradient of the kernel: every tap's product of gradient and input.
            vec sum[K * K];
            for (int k = 0; k < K * K; ++k) sum[k] = total[k];
            for (int r = 0; r < out_height; ++r)
                for (int c = 0; c < out_width; ++c) {
                    const vec g = load_vec(yn + (r * out_width + c) * channels);
                    const float* at = xt + (r * stride * tile_cols + c * stride) * LANES;
#pragma GCC unroll 5
                    for (int i = 0; i < K; ++i)
#pragma GCC unroll 5
                        for (int j = 0; j < K; ++j)
                            sum[i * K + j] += g * *(const vec*)(at + (i * tile_cols + j) * LANES);
                }
            for (int k = 0; k < K * K; ++k) total[k] = sum[k];
            // Gradient of the input: the gradient, spread by the stride, under the flipped kernel.
            fill_tile(yn, out_height, out_width, channels, yt, tile_rows, tile_cols, P, stride);
            for (int r = 0; r < height; ++r)
                for (int c = 0; c < width; ++c) {
                    vec a = {}, b = {};
                    const float* at = yt + (r * tile_cols + c) * LANES;
#pragma GCC unroll 5
                    for (int i = 0; i < K; ++i)
#pragma GCC unroll 5
                        for (int j = 0; j < K; ++j) {
                            const vec v = *(const vec*)(at + (i * tile_cols + j) * LANES);
                            if ((i * K + j) % 2) a += w[i * K + j] * v;
                            else b += w[i * K + j] * v;
                        }
                    store_vec(dn + (r * width + c) * channels, a + b);
                }
        }
        for (int k = 0; k < K * K; ++k)
            for (int l = 0; l < LANES; ++l) dweight[(block + l) * K * K + k] = total[k][l];
    }
}

// Mean and 1 / sqrt(variance + epsilon) of each channel; running statistics move by `momentum`.
template <class T>
void norm_statistics(const T* x, long rows, int channels, float* running_mean,
                     float* running_var, float momentum, float epsilon, float* mean,
                     float* inverse) {
    std::vector<double> sum(channels), square(channels);
    std::vector<float> s(channels), q(channels), shift(running_mean, running_mean + channels);
    for (long start = 0; start < rows; start += BLOCK) {
        std::fill(s.begin(), s.end(), 0.f);
        std::fill(q.begin(), q.end(), 0.f);
        const long stop = start + BLOCK < rows ? start + BLOCK : rows;
        for (long r = start; r < stop; ++r) {
            const T* row = x + r * channels;
            for (int c = 0; c < channels; ++c) {
                const float d = load(row[c]) - shift[c];  // near the mean: squares stay small
                s[c] += d;
                q[c] += d * d;
            }
        }
        for (int c = 0; c < channels; ++c) sum[c] += s[c], square[c] += q[c];
    }
    for (int c = 0; c < channels; ++c) {
        const double m = sum[c] / rows, v = std::fmax(square[c] / rows - m * m, 0.0);
        mean[c] = shift[c] + m;
        inverse[c] = 1.0 / std::sqrt(v + epsilon);
        running_mean[c] += momentum * (mean[c] - running_mean[c]);
        running_var[c] += momentum * (v * rows / (rows > 1 ? rows - 1 : 1) - running_var[c]);
    }
}

// y = act(gamma (x - mean) inverse + beta), act being SiLU or nothing.
template <class T>
void norm_forward(const T* __restrict x, long rows, int channels, const float* mean,
                  const float* inverse, const float* gamma, const float* beta, int silu,
                  T* __restrict y) {
    std::vector<float> a(channels), b(channels);
    for (int c = 0; c < channels; ++c) {
        a[c] = gamma[c] * inverse[c];
        b[c] = beta[c] - mean[c] * a[c];
    }
    for (long r = 0; r < rows; ++r) {
        const T* xr = x + r * channels;
        T* yr = y + r * channels;
        if (silu)
            for (int c = 0; c < channels; ++c) {
                const float z = a[c] * load(xr[c]) + b[c];
                store(yr + c, z * sigmoid(z));
            }
        else
            for (int c = 0; c < channels; ++c) store(yr + c, a[c] * load(xr[c]) + b[c]);
    }
}

// Gradients of norm_forward over batch statistics (Ioffe & Szegedy 2015, section 3).
template <class T>
void norm_backward(const T* __restrict x, const T* __restrict dy, long rows, int channels,
                   const float* mean, const float* inverse, const float* gamma, const float* beta,
                   int silu, T* __restrict dx, float* dgamma, float* dbeta) {
    std::vector<float> a(channels), b(channels), s(channels), q(channels);
    std::vector<double> sum(channels), dot(channels);
    for (int c = 0; c < channels; ++c) {
        a[c] = gamma[c] * inverse[c];
        b[c] = beta[c] - mean[c] * a[c];
    }
    for (long start = 0; start < rows; start += BLOCK) {
        std::fill(s.begin(), s.end(), 0.f);
        std::fill(q.begin(), q.end(), 0.f);
        const long stop = start + BLOCK < rows ? start + BLOCK : rows;
        for (long r = start; r < stop; ++r) {
            const T *xr = x + r * channels, *gr = dy + r * channels;
            if (silu)
                for (int c = 0; c < channels; ++c) {
                    const float dz = load(gr[c]) * silu_slope(a[c] * load(xr[c]) + b[c]);
                    s[c] += dz;
                    q[c] += dz * (load(xr[c]) - mean[c]);
                }
            else
                for (int c = 0; c < channels; ++c) {
                    const float dz = load(gr[c]);
                    s[c] += dz;
                    q[c] += dz * (load(xr[c]) - mean[c]);
                }
        }
        for (int c = 0; c < channels; ++c) sum[c] += s[c], dot[c] += q[c];
    }
    // dx = a (dz - mean(dz) - xhat mean(dz xhat)), written as a dz + u x + v
    std::vector<float> u(channels), v(channels);
    for (int c = 0; c < channels; ++c) {
        dbeta[c] = sum[c];
        dgamma[c] = dot[c] * inverse[c];
        u[c] = -a[c] * inverse[c] * dgamma[c] / rows;
        v[c] = -a[c] * dbeta[c] / rows - u[c] * mean[c];
    }
    // SiLU's slope is computed once more: cheaper than to write dz in one pass and read it here.
    for (long r = 0; r < rows; ++r) {
        const T *xr = x + r * channels, *gr = dy + r * channels;
        T* dr = dx + r * channels;
        if (silu)
            for (int c = 0; c < channels; ++c) {
                const float xc = load(xr[c]), dz = load(gr[c]) * silu_slope(a[c] * xc + b[c]);
                store(dr + c, a[c] * dz + u[c] * xc + v[c]);
            }
        else
            for (int c = 0; c < channels; ++c)
                store(dr + c, a[c] * load(gr[c]) + u[c] * load(xr[c]) + v[c]);
    }
}

// y = x * s, s one number an image and channel.
template <class T>
void scale_forward(const T* __restrict x, const float* s, int images, int area, int channels,
                   T* __restrict y) {
    for (int n = 0; n < images; ++n, s += channels)
        for (int i = 0; i < area; ++i, x += channels, y += channels)
            for (int c = 0; c < channels; ++c) store(y + c, load(x[c]) * s[c]);
}

// Mean of each image's channel.
template <class T>
void pool(const T* __restrict x, int images, int area, int channels, float* __restrict mean) {
    for (int n = 0; n < images; ++n, mean += channels) {
        std::memset(mean, 0, sizeof(float) * channels);
        for (int i = 0; i < area; ++i, x += channels)
            for (int c = 0; c < channels; ++c) mean[c] += load(x[c]);
        for (int c = 0; c < channels; ++c) mean[c] /= area;
    }
}

// ds = sum of dy * x over each image's channel.
template <class T>
void dot_backward(const T* __restrict x, const T* __restrict dy, int images, int area,
                  int channels, float* __restrict ds) {
    for (int n = 0; n < images; ++n, ds += channels) {
        std::memset(ds, 0, sizeof(float) * channels);
        for (int i = 0; i < area; ++i, x += channels, dy += channels)
            for (int c = 0; c < channels; ++c) ds[c] += load(dy[c]) * load(x[c]);
    }
}

// dx = dy * s + d, s and d one number an image and channel.
template <class T>
void scale_backward(const T* __restrict dy, const float* s, const float* d, int images, int area,
                    int channels, T* __restrict dx) {
    for (int n = 0; n < images; ++n, s += channels, d += channels)
        for (int i = 0; i < area; ++i, dy += channels, dx += channels)
            for (int c = 0; c < channels; ++c) store(dx + c, load(dy[c]) * s[c] + d[c]);
}

// Gradients of a depthwise convolution, kernel 3 or 5, padded by half of it, stride 1 or 2.
template <class T>
int depthwise_gradients(const T* x, const T* dy, const float* weight, T* dx, float* dweight,
                        int images, int height, int width, int out_height, int out_width,
                        int channels, int kernel, int stride) {
    if (channels % LANES) return 1;
    if (kernel == 3)
        depthwise_backward<3>(x, dy, weight, dx, dweight, images, height, width, out_height,
                              out_width, channels, stride);
    else if (kernel == 5)
        depthwise_backward<5>(x, dy, weight, dx, dweight, images, height, width, out_height,
                              out_width, channels, stride);
    else
        return 1;
    return 0;
}

}  // namespace

#define EXPORT(T, NAME)                                                                            \
    void norm_statistics_##NAME(const T* x, long rows, int channels, float* running_mean,          \
                                float* running_var, float momentum, float epsilon, float* mean,    \
                                float* inverse) {                                                  \
        norm_statistics(x, rows, channels, running_mean, running_var, momentum, epsilon, mean,     \
                        inverse);                                                                  \
    }                                                                                              \
    void norm_forward_##NAME(const T* x, long rows, int channels, const float* mean,               \
                             const float* inverse, const float* gamma, const float* beta,          \
                             int silu, T* y) {                                                     \
        norm_forward(x, rows, channels, mean, inverse, gamma, beta, silu, y);                      \
    }                                                                                              \
    void norm_backward_##NAME(const T* x, const T* dy, long rows, int channels, const float* mean, \
                              const float* inverse, const float* gamma, const float* beta,         \
                              int silu, T* dx, float* dgamma, float* dbeta) {                      \
        norm_backward(x, dy, rows, channels, mean, inverse, gamma, beta, silu, dx, dgamma, dbeta); \
    }                                                                                              \
    void scale_forward_##NAME(const T* x, const float* s, int images, int area, int channels,      \
                              T* y) {                                                              \
        scale_forward(x, s, images, area, channels, y);                                            \
    }                                                                                              \
    void pool_##NAME(const T* x, int images, int area, int channels, float* mean) {                \
        pool(x, images, area, channels, mean);                                                     \
    }                                                                                              \
    void dot_backward_##NAME(const T* x, const T* dy, int images, int area, int channels,          \
                             float* ds) {                                                          \
        dot_backward(x, dy, images, area, channels, ds);                                           \
    }                                                                                              \
    void scale_backward_##NAME(const T* dy, const float* s, const float* d, int images, int area,  \
                               int channels, T* dx) {                                              \
        scale_backward(dy, s, d, images, area, channels, dx);                                      \
    }                                                                                              \
    int depthwise_gradients_##NAME(const T* x, const T* dy, const float* weight, T* dx,            \
                                   float* dweight, int images, int height, int width,              \
                                   int out_height, int out_width, int channels, int kernel,        \
                                   int stride) {                                                   \
        return depthwise_gradients(x, dy, weight, dx, dweight, images, height, width, out_height,  \
                                   out_width, channels, kernel, stride);                           \
    }

extern "C" {
EXPORT(float, float32)
EXPORT(bf16, bfloat16)
}
