internal import CFFmpeg

/// Enough of a packet to know it again after a seek, whatever times the container then gives it.
struct PacketIdentity {
    /// Presentation time, in units of the stream's time base.
    let time: Int64
    /// Decoding time; presentation time where there is none.
    let decodingTime: Int64
    private let position: Int64
    private let size: Int32
    private let digest: UInt64

    init(_ packet: PacketBuffer) {
        let raw = unsafe packet.pointer
        time = unsafe raw.pointee.pts
        decodingTime = unsafe raw.pointee.dts == sora_no_timestamp() ? raw.pointee.pts : raw.pointee.dts
        position = unsafe raw.pointee.pos
        size = unsafe raw.pointee.size
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        if let data = unsafe raw.pointee.data, size > 0 {
            let count = Int(size)
            for index in 0..<min(count, 48) { unsafe FNV.add(data[index], to: &digest) }
            for index in max(0, count - 48)..<count { unsafe FNV.add(data[index], to: &digest) }
        }
        self.digest = digest
    }

    /// Whether `other` is the same packet.
    func matches(_ other: PacketIdentity) -> Bool {
        size == other.size && digest == other.digest && (position == other.position || time == other.time)
    }
}

/// FNV-1a, byte by byte.
enum FNV {
    static func add(_ byte: UInt8, to digest: inout UInt64) {
        digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3
    }
}

extension PictureBuffer {
    /// A digest of 256 samples spread over the first plane: equal for equal pictures, at no cost to speak of.
    var fingerprint: UInt32 {
        let frame = unsafe pointer
        let (width, height) = unsafe (Int(frame.pointee.width), Int(frame.pointee.height))
        guard let plane = unsafe frame.pointee.data.0, width > 0, height > 0 else { return 0 }
        let stride = unsafe Int(frame.pointee.linesize.0)
        // Rows of every format are at least as long as the width, but for those that pack pixels into bits.
        let bytes = min(width, abs(stride))
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        for row in 0..<16 {
            let line = unsafe plane + (row * height / 16) * stride
            for column in 0..<16 { unsafe FNV.add(line[column * bytes / 16], to: &digest) }
        }
        return UInt32(truncatingIfNeeded: digest ^ (digest >> 32))
    }
}
