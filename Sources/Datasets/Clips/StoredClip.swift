internal import Media

/// A decoded clip as the cache keeps it: somewhat larger than the crop, and with more frames where they may be
/// jittered.
struct StoredClip: Sendable {
    /// Frames, height and width.
    let frames: Int
    let height: Int
    let width: Int
    /// `[frame, height, width, 3]`
    let bytes: [UInt8]

    /// Cuts one clip out: frames in time, crop, mirror, then what changes the pixels where they are.
    /// - Returns: `[frame, height, width, 3]` of the specification's size.
    func cut(_ specification: ClipSpecification, _ transform: ClipTransform) -> [UInt8] {
        let (tall, wide) = (specification.height, specification.width)
        // Shared, not copied: long clips at their full size are the ones that memory is short for.
        if transform.keepsAll, (frames, height, width) == (specification.frames, tall, wide) { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(specification.byteCount)
        let sampler = transform.region.map { PatchSampler($0, height: height, width: width, to: (tall, wide)) }
        for index in 0..<specification.frames {
            let count = specification.frames
            let frame = position(transform.isReversed ? count - 1 - index : index, of: count, transform)
            if let sampler {
                sampler.append(frame: frame, of: bytes, to: &result)
            } else {
                append(frame: frame, tall, wide, at: transform.crop, to: &result)
            }
        }
        if transform.isFlipped { Self.mirror(&result, width: wide) }
        ClipEffects(transform, height: tall, width: wide).apply(to: &result)
        return result
    }

    /// Appends a crop of one frame.
    private func append(
        frame: Int, _ tall: Int, _ wide: Int, at place: SIMD2<Double>?, to result: inout [UInt8]
    ) {
        let (roomDown, roomAcross) = (max(0, height - tall), max(0, width - wide))
        let top = place.map { min(roomDown, Int($0.x * Double(roomDown + 1))) } ?? roomDown / 2
        let left = place.map { min(roomAcross, Int($0.y * Double(roomAcross + 1))) } ?? roomAcross / 2
        for row in 0..<tall {
            // A picture smaller than the crop, which no request gives, would repeat its edge.
            let line = (frame * height + min(top + row, height - 1)) * width
            let shown = min(wide, width)
            result += bytes[(line + left) * 3..<(line + left + shown) * 3]
            for _ in shown..<max(wide, shown) { result += bytes[(line + width - 1) * 3..<(line + width) * 3] }
        }
    }

    /// Which stored frame is frame `index` of `count`: at a phase of 1/2 the centre of its part, in whole numbers.
    private func position(_ index: Int, of count: Int, _ transform: ClipTransform) -> Int {
        guard transform.phase != nil || transform.length < 1 else { return (2 * index + 1) * frames / (2 * count) }
        let share = (Double(index) + (transform.phase ?? 0.5)) / Double(count)
        return min(frames - 1, max(0, Int((transform.start + share * transform.length) * Double(frames))))
    }

    /// Reverses the pixels of each row of `width`.
    private static func mirror(_ bytes: inout [UInt8], width: Int) {
        for row in stride(from: 0, to: bytes.count, by: width * 3) {
            var (a, b) = (row, row + (width - 1) * 3)
            while a < b {
                for channel in 0..<3 { bytes.swapAt(a + channel, b + channel) }
                a += 3
                b -= 3
            }
        }
    }
}

/// Brings a part of a picture to another size: bilinear, pixel centres at half-integers, as PyTorch's `interpolate` with
/// `align_corners=False`. Which pixels go into which is found once for all frames.
private struct PatchSampler {
    private struct Tap {
        var low: Int
        var high: Int
        /// Of `high`, in 256ths.
        var weight: Int
    }
    private let rows: [Tap]
    private let columns: [Tap]
    private let height: Int
    private let width: Int

    init(_ box: ClipTransform.Box, height: Int, width: Int, to size: (height: Int, width: Int)) {
        (self.height, self.width) = (height, width)
        rows = Self.taps(from: box.top, box.height, of: height, to: size.height)
        columns = Self.taps(from: box.left, box.width, of: width, to: size.width)
    }

    private static func taps(from start: Double, _ length: Double, of count: Int, to size: Int) -> [Tap] {
        (0..<size).map { index in
            let centre = (start + length * (Double(index) + 0.5) / Double(size)) * Double(count) - 0.5
            let place = min(max(centre, 0), Double(count - 1))
            let low = Int(place)
            return Tap(low: low, high: min(low + 1, count - 1), weight: Int(((place - Double(low)) * 256).rounded()))
        }
    }

    func append(frame: Int, of bytes: [UInt8], to result: inout [UInt8]) {
        let source = bytes.span
        for row in rows {
            let (above, below) = ((frame * height + row.low) * width, (frame * height + row.high) * width)
            for column in columns {
                for channel in 0..<3 {
                    func blend(_ line: Int) -> Int {
                        Int(source[(line + column.low) * 3 + channel]) * (256 - column.weight)
                            + Int(source[(line + column.high) * 3 + channel]) * column.weight
                    }
                    let value = blend(above) * (256 - row.weight) + blend(below) * row.weight
                    result.append(UInt8((value + 1 << 15) >> 16))
                }
            }
        }
    }
}
