internal import CFFmpeg

/// What the headers inside a packet say of its picture, without decoding it.
///
/// Only for codecs whose packets are known to give one shown frame each: H.264 and HEVC, VP9, AV1, and those in which
/// every frame is a key frame.
struct PictureSyntax {
    /// What is known of one packet.
    struct Verdict {
        /// Whether the packet holds exactly one picture, which is shown.
        var isOnePicture = true
        /// Whether no picture of the same or a lower temporal layer refers to this one.
        var isUnreferenced = false
        /// HEVC's temporal layer, from 0.
        var layer = 0
        /// Whether it brings settings (parameter sets) that later packets may use.
        var hasParameters = false
    }

    private enum Codec { case h264, hevc, vp9, opaque, intra }
    private let codec: Codec
    /// Bytes of the length before each unit; 0 where units lie between start codes.
    private let lengthSize: Int

    /// Whether every packet must be a key packet.
    var isIntraOnly: Bool { codec == .intra }

    /// - Returns: nil for a codec of which nothing is promised.
    init?(_ stream: UnsafeMutablePointer<AVStream>) {
        guard let parameters = unsafe stream.pointee.codecpar else { return nil }
        switch unsafe parameters.pointee.codec_id {
        case AV_CODEC_ID_H264: codec = .h264
        case AV_CODEC_ID_HEVC: codec = .hevc
        case AV_CODEC_ID_VP9: codec = .vp9
        case AV_CODEC_ID_AV1: codec = .opaque
        case AV_CODEC_ID_MJPEG, AV_CODEC_ID_PRORES, AV_CODEC_ID_DNXHD: codec = .intra
        default: return nil
        }
        let size = unsafe Int(parameters.pointee.extradata_size)
        guard let extra = unsafe parameters.pointee.extradata, size > 0, unsafe extra[0] == 1 else {
            lengthSize = 0
            return
        }
        // Of `avcC` and `hvcC`: the two low bits of one byte.
        lengthSize =
            codec == .h264 && size > 4
            ? unsafe Int(extra[4] & 3) + 1 : codec == .hevc && size > 21 ? unsafe Int(extra[21] & 3) + 1 : 0
    }

    /// Reads the headers of a packet.
    ///
    /// - Cost: with lengths before the units, a few bytes; with start codes, a pass over the packet.
    func judge(_ packet: PacketBuffer) -> Verdict {
        let count = unsafe Int(packet.pointer.pointee.size)
        guard let data = unsafe packet.pointer.pointee.data, count > 0 else { return Verdict(isOnePicture: false) }
        let bytes = unsafe UnsafeBufferPointer(start: UnsafePointer(data), count: count)
        switch codec {
        case .opaque, .intra: return Verdict()
        case .vp9: return Verdict(isOnePicture: unsafe Self.isShown(vp9: bytes))
        case .h264, .hevc: return unsafe judge(units: bytes)
        }
    }

    private func judge(units bytes: UnsafeBufferPointer<UInt8>) -> Verdict {
        var verdict = Verdict(isUnreferenced: true)
        var pictures = 0
        let isWalked = unsafe NALUnits.forEach(in: bytes, lengthSize: lengthSize) { start, count in
            guard count > 2 else { return }
            // A bit that no whole unit sets.
            if unsafe bytes[start] & 0x80 != 0 { pictures = 2 }
            let (first, second, third) = unsafe (bytes[start], bytes[start + 1], bytes[start + 2])
            if codec == .h264 {
                switch first & 0x1F {
                case 1, 5:
                    if first & 0x60 != 0 { verdict.isUnreferenced = false }
                    // The first slice begins at macroblock 0, written as a single bit 1.
                    if second & 0x80 != 0 { pictures += 1 }
                // Partitions of slices, auxiliary pictures, extensions for layers and views.
                case 2, 3, 4, 14, 19, 20, 21: pictures = 2
                case 7, 8, 13, 15: verdict.hasParameters = true
                default: break
                }
            } else {
                // Pictures of further layers (views) are passed over by the decoder.
                guard first & 1 == 0, second >> 3 == 0 else { return }
                let type = first >> 1 & 0x3F
                verdict.layer = max(verdict.layer, Int(second & 7) - 1)
                switch type {
                case 0..<32:
                    if type > 14 || type % 2 != 0 { verdict.isUnreferenced = false }
                    if third & 0x80 != 0 { pictures += 1 }
                case 32, 33, 34: verdict.hasParameters = true
                default: break
                }
            }
        }
        verdict.isOnePicture = isWalked && pictures == 1
        if verdict.hasParameters { verdict.isUnreferenced = false }
        return verdict
    }

    /// Whether a VP9 packet shows a frame: a superframe does, and otherwise its header says.
    private static func isShown(vp9 bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = unsafe bytes.first, let last = unsafe bytes.last, first >> 6 == 2 else { return false }
        if last & 0xE0 == 0xC0 { return true }
        // Profile 3 has a bit more before these: whether an earlier frame is shown again, the type, whether it is shown.
        let flags = first & 0x30 == 0x30 ? first << 1 : first
        return flags & 0x08 != 0 || flags & 0x02 != 0
    }
}
