#include <stdlib.h>
#include <string.h>

#include "CVolumes.h"

static uint32_t root(uint32_t *parents, uint32_t label) {
    while (parents[label] != label) {
        parents[label] = parents[parents[label]];
        label = parents[label];
    }
    return label;
}

// The smaller label stays, so that pieces are numbered by their first voxels.
static uint32_t join(uint32_t *parents, uint32_t a, uint32_t b) {
    a = root(parents, a);
    b = root(parents, b);
    if (a < b) return parents[b] = a;
    return parents[a] = b;
}

int64_t cv_label(const uint8_t *mask, CVSize size, uint32_t *labels) {
    const size_t width = size.width, plane = size.width * size.height;
    size_t room = 1 << 16;
    uint32_t *parents = malloc(room * sizeof *parents);
    if (!parents) return -1;
    uint32_t used = 1;
    parents[0] = 0;
    size_t at = 0;
    for (size_t z = 0; z < size.depth; ++z)
        for (size_t y = 0; y < size.height; ++y)
            for (size_t x = 0; x < width; ++x, ++at) {
                if (!mask[at]) {
                    labels[at] = 0;
                    continue;
                }
                uint32_t label = x ? labels[at - 1] : 0;
                uint32_t above = y ? labels[at - width] : 0;
                uint32_t before = z ? labels[at - plane] : 0;
                if (above && above != label) label = label ? join(parents, label, above) : above;
                if (before && before != label) label = label ? join(parents, label, before) : before;
                if (!label) {
                    if (used == room) {
                        uint32_t *more = realloc(parents, 2 * room * sizeof *parents);
                        if (!more) {
                            free(parents);
                            return -1;
                        }
                        parents = more;
                        room *= 2;
                    }
                    label = used++;
                    parents[label] = label;
                }
                labels[at] = label;
            }
    // Roots come before what hangs on them.
    uint32_t pieces = 0;
    uint32_t *numbers = malloc(used * sizeof *numbers);
    if (!numbers) {
        free(parents);
        return -1;
    }
    numbers[0] = 0;
    for (uint32_t label = 1; label < used; ++label) {
        uint32_t first = root(parents, label);
        numbers[label] = first == label ? ++pieces : numbers[first];
    }
    for (size_t i = 0; i < at; ++i) labels[i] = numbers[labels[i]];
    free(numbers);
    free(parents);
    return pieces;
}

void cv_pieces(const uint32_t *labels, CVSize size, const int16_t *values, CVPiece *pieces, size_t count) {
    memset(pieces, 0, count * sizeof *pieces);
    for (size_t i = 0; i < count; ++i)
        for (int k = 0; k < 3; ++k) pieces[i].low[k] = UINT32_MAX;
    size_t at = 0;
    for (size_t z = 0; z < size.depth; ++z)
        for (size_t y = 0; y < size.height; ++y)
            for (size_t x = 0; x < size.width; ++x, ++at) {
                uint32_t label = labels[at];
                if (!label || label > count) continue;
                CVPiece *piece = &pieces[label - 1];
                ++piece->voxels;
                piece->sum += values ? values[at] : 0;
                piece->sumX += x, piece->sumY += y, piece->sumZ += z;
                const uint32_t place[3] = {(uint32_t)x, (uint32_t)y, (uint32_t)z};
                for (int k = 0; k < 3; ++k) {
                    if (place[k] < piece->low[k]) piece->low[k] = place[k];
                    if (place[k] > piece->high[k]) piece->high[k] = place[k];
                }
            }
    for (size_t i = 0; i < count; ++i) {
        CVPiece *piece = &pieces[i];
        piece->touchesX = piece->low[0] == 0 || piece->high[0] + 1 == size.width;
        piece->touchesY = piece->low[1] == 0 || piece->high[1] + 1 == size.height;
        piece->touchesZ = piece->low[2] == 0 || piece->high[2] + 1 == size.depth;
    }
}

bool cv_grow(const uint8_t *mask, CVSize size, uint8_t *labels) {
    const size_t width = size.width, plane = size.width * size.height, count = plane * size.depth;
    size_t room = 1 << 16, tail = 0, wanted = 0;
    uint64_t *now = malloc(room * sizeof *now), *next = malloc(room * sizeof *next);
    size_t nextRoom = room;
    bool isDone = now && next;
    for (size_t i = 0; i < count && isDone; ++i)
        if (labels[i]) {
            if (tail == room) {
                uint64_t *more = realloc(now, 2 * room * sizeof *now);
                if (!(isDone = more)) break;
                now = more;
                room *= 2;
            }
            now[tail++] = i;
        }
    while (tail && isDone) {
        wanted = 0;
        for (size_t i = 0; i < tail && isDone; ++i) {
            size_t at = now[i], x = at % width, y = at / width % size.height, z = at / plane;
            if (wanted + 6 > nextRoom) {
                uint64_t *more = realloc(next, 2 * nextRoom * sizeof *next);
                if (!(isDone = more)) break;
                next = more;
                nextRoom *= 2;
            }
#define REACH(condition, place)                        \
    if ((condition) && mask[place] && !labels[place]) { \
        labels[place] = labels[at];                    \
        next[wanted++] = place;                        \
    }
            REACH(x > 0, at - 1)
            REACH(x + 1 < width, at + 1)
            REACH(y > 0, at - width)
            REACH(y + 1 < size.height, at + width)
            REACH(z > 0, at - plane)
            REACH(z + 1 < size.depth, at + plane)
        }
        uint64_t *swap = now;
        now = next;
        next = swap;
        size_t swapRoom = room;
        room = nextRoom;
        nextRoom = swapRoom;
        tail = wanted;
    }
    free(now);
    free(next);
    return isDone;
}
