internal import CFFmpeg

extension FrameSource {
    /// The error of a video that ends without a frame.
    func nothingDecoded() -> MediaError {
        if isEncrypted {
            return MediaError(
                .unsupported, path: demuxer.path, "its video is encrypted",
                remedy: "Use a copy without copy protection.", cause: lastFailure)
        }
        return MediaError(
            .damaged, path: demuxer.path, "not one frame of its video (\(info.codec)) could be decoded",
            remedy: "The file is damaged or cut short: copy or download it again.", cause: lastFailure)
    }

    /// Whether the container says that the stream is encrypted.
    private var isEncrypted: Bool {
        if sawEncryption { return true }
        guard let stream = unsafe demuxer.stream(info.videoStream) else { return false }
        var size = 0
        if unsafe sora_stream_side_data(stream, AV_PKT_DATA_ENCRYPTION_INIT_INFO, &size) != nil { return true }
        return unsafe av_dict_get(stream.pointee.metadata, "enc_key_id", nil, 0) != nil
    }
}

extension MediaInfo {
    /// One frame at the average rate, in units of a time base; at least 1.
    func frameStep(in timeBase: AVRational) -> Int64 {
        let seconds = averageRate.value > 0 ? 1 / averageRate.value : 0.04
        let units = seconds * Double(timeBase.den) / Double(max(1, timeBase.num))
        return units.isFinite ? Int64(min(max(units.rounded(), 1), 1e12)) : 1
    }
}
