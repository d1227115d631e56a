internal import CFFmpeg

/// One compressed packet, reused: each read replaces what it held.
@safe final class PacketBuffer {
    let pointer: UnsafeMutablePointer<AVPacket>

    init(path: String) throws(MediaError) {
        guard let packet = unsafe av_packet_alloc() else { throw .outOfMemory(path) }
        unsafe pointer = packet
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = unsafe pointer
        unsafe av_packet_free(&packet)
    }

    /// Lets go of the data.
    func clear() { unsafe av_packet_unref(pointer) }

    /// Whether it holds no data.
    var isEmpty: Bool { unsafe pointer.pointee.size <= 0 }
}

/// One decoded picture, reused: each decode replaces what it held.
@safe final class PictureBuffer {
    let pointer: UnsafeMutablePointer<AVFrame>

    init(path: String) throws(MediaError) {
        guard let frame = unsafe av_frame_alloc() else { throw .outOfMemory(path) }
        unsafe pointer = frame
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = unsafe pointer
        unsafe av_frame_free(&frame)
    }

    /// Lets go of the picture.
    func clear() { unsafe av_frame_unref(pointer) }

    /// Takes over the picture of `other`, which becomes empty. No pixel is copied.
    func take(from other: PictureBuffer) {
        unsafe av_frame_unref(pointer)
        unsafe av_frame_move_ref(pointer, other.pointer)
    }

    /// Shares the picture of `other`. No pixel is copied.
    func share(_ other: PictureBuffer) -> Bool {
        unsafe av_frame_unref(pointer)
        return unsafe av_frame_ref(pointer, other.pointer) >= 0
    }

    var isEmpty: Bool { unsafe pointer.pointee.width == 0 }
}

extension MediaError {
    static func outOfMemory(_ path: String) -> MediaError {
        MediaError(
            .unreadable, path: path, "there is not enough memory to decode it",
            remedy: "Free some memory, or use a smaller copy of the video.")
    }
}
