import Neural
import SoraModel

/// A batch's frames, read in the order `[frame, clip]` though stored as `[clip, frame]`.
struct TimeMajorFrames {
    /// `[clip, frame, height, width, 3]`
    let bytes: [UInt8]
    let clips: Int
    let format: ClipFormat

    /// Frames `range` of the time-major order: uint8 `[range.count, height, width, 3]`. Cost: one copy.
    func tensor(_ range: Range<Int>) throws -> Tensor {
        let size = format.size * format.size * 3
        var chosen: [UInt8] = []
        chosen.reserveCapacity(range.count * size)
        for position in range {
            let (frame, clip) = (position / clips, position % clips)
            let start = (clip * format.frames + frame) * size
            chosen.append(contentsOf: bytes[start..<start + size])
        }
        return try Tensor([range.count, format.size, format.size, 3], chosen)
    }
}
