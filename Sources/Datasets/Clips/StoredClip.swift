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

    /// Cuts one clip out: frames at a phase, crop, mirror, levels.
    /// - Returns: `[frame, height, width, 3]` of the specification's size.
    func cut(_ specification: ClipSpecification, _ transform: ClipTransform) -> [UInt8] {
        let (tall, wide) = (specification.height, specification.width)
        // Shared, not copied: long clips at their full size are the ones that memory is short for.
        if transform == .identity, (frames, height, width) == (specification.frames, tall, wide) { return bytes }
        let (roomDown, roomAcross) = (max(0, height - tall), max(0, width - wide))
        let top = transform.crop.map { min(roomDown, Int($0.x * Double(roomDown + 1))) } ?? roomDown / 2
        let left = transform.crop.map { min(roomAcross, Int($0.y * Double(roomAcross + 1))) } ?? roomAcross / 2
        let levels = transform.levels
        var result: [UInt8] = []
        result.reserveCapacity(specification.byteCount)
        for index in 0..<specification.frames {
            let frame = position(index, of: specification.frames, phase: transform.phase)
            for row in 0..<tall {
                // A picture smaller than the crop, which no request gives, would repeat its edge.
                let line = (frame * height + min(top + row, height - 1)) * width
                let shown = min(wide, width)
                let source = bytes[(line + left) * 3..<(line + left + shown) * 3]
                if let levels {
                    result.append(contentsOf: source.lazy.map { levels[Int($0)] })
                } else {
                    result += source
                }
                for _ in shown..<max(wide, shown) { result += bytes[(line + width - 1) * 3..<(line + width) * 3] }
                if transform.isFlipped { Self.mirror(&result, last: wide) }
            }
        }
        return result
    }

    /// Which stored frame is frame `index` of `count`: at a phase of 1/2 the centre of its part, in whole numbers.
    func position(_ index: Int, of count: Int, phase: Double?) -> Int {
        guard let phase else { return (2 * index + 1) * frames / (2 * count) }
        return min(frames - 1, max(0, Int((Double(index) + phase) * Double(frames) / Double(count))))
    }

    /// Reverses the order of the last `count` pixels.
    private static func mirror(_ bytes: inout [UInt8], last count: Int) {
        var (a, b) = (bytes.count - count * 3, bytes.count - 3)
        while a < b {
            for channel in 0..<3 { bytes.swapAt(a + channel, b + channel) }
            a += 3
            b -= 3
        }
    }
}
