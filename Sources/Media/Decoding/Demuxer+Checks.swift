internal import CFFmpeg
internal import Foundation

extension Demuxer {
    /// Refuses still images, or all that is none, and text that names other files.
    static func checkFormat(_ format: UnsafePointer<AVInputFormat>?, _ path: String, isStill: Bool) throws(MediaError) {
        guard let format = unsafe format, let words = unsafe format.pointee.name else { return }
        let name = unsafe String(cString: words)
        let found = name.hasSuffix("_pipe") || name == "image2"
        if found, !isStill {
            throw MediaError(
                .noVideo, path: path, "it is a still image, not a video",
                remedy: "Give a video, or use the commands that take images.", cause: "format \(name)")
        }
        if isStill, !found {
            throw MediaError(
                .unsupported, path: path, "it is no still image that can be read",
                remedy: "Give a JPEG, PNG, WebP, GIF or other picture file.", cause: "format \(name)")
        }
        let text: Set = [
            "tty", "hls", "concat", "sdp", "dash", "imf", "webm_dash_manifest", "rtsp", "lavfi", "vapoursynth",
        ]
        if !text.isDisjoint(with: name.split(separator: ",").map(String.init)) {
            throw MediaError(
                .unsupported, path: path, "it is text, not a video",
                remedy: "Give the video file itself.", cause: "format \(name)")
        }
    }

    static func openingError(_ path: String, _ status: Int32, _ complaint: String?) -> MediaError {
        MediaError(
            .unsupported, path: path, "it is not a video file that can be read, or its header is damaged",
            remedy: "Check that the file is whole and is a video; `ffmpeg -i FILE copy.mp4` may repair it.",
            cause: complaint.map { "\(describe(status: status)): \($0)" } ?? describe(status: status))
    }

    /// Files that could block, or that no container can be: named here, where the reason is still plain.
    static func checkFile(_ path: String) throws(MediaError) {
        if path.isEmpty || path.utf8.contains(0) {
            throw MediaError(.unreadable, path: path, "the file name is not valid", remedy: "Give a path to a file.")
        }
        let attributes: [FileAttributeKey: Any]
        do {
            let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            attributes = try FileManager.default.attributesOfItem(atPath: resolved)
        } catch {
            throw MediaError(.unreadable, path: path, "there is no such file", remedy: "Check the path.")
        }
        switch attributes[.type] as? FileAttributeType {
        case .typeRegular?: break
        case .typeDirectory?:
            throw MediaError(
                .unreadable, path: path, "it is a folder, not a video file", remedy: "Give the files in it.")
        case .typeSymbolicLink?:
            throw MediaError(
                .unreadable, path: path, "it is a link to a file that is not there", remedy: "Check where it leads.")
        default:
            throw MediaError(
                .unreadable, path: path, "it is not a regular file",
                remedy: "Save the video to a file first: pipes and devices cannot be read at random.")
        }
        if (attributes[.size] as? NSNumber)?.int64Value == 0 {
            throw MediaError(.unreadable, path: path, "the file is empty", remedy: "Copy or download it again.")
        }
    }
}
