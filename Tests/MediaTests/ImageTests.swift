import Foundation
import Media
import Testing

@Suite("Images")
struct ImageTests {
    static func frames(_ count: Int, width: Int, height: Int) -> Frames {
        Frames(
            height: height, width: width,
            bytes: (0..<count).flatMap { VideoEncoderTests.picture($0, width: width, height: height) },
            times: (0..<count).map { MediaTime(value: Int64($0), timescale: 10) })
    }

    @Test(.enabled(if: EncodingOracle.isAvailable)) func pngIsLossless() throws {
        try withTemporaryFolder { folder in
            let frames = Self.frames(3, width: 37, height: 19)
            try frames.writePNG(2, to: folder + "/a.png")
            #expect(try EncodingOracle.decode(folder + "/a.png") == Array(frames.bytes[frames.byteRange(of: 2)]))
            #expect(throws: MediaError.self) { try frames.writePNG(3, to: folder + "/b.png") }
            #expect(throws: MediaError.self) { try frames.writePNG(0, to: folder + "/no/b.png") }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.png"])
        }
    }

    /// What FFmpeg's own command makes of the file is near the frame, odd sizes too, and the same every time.
    @Test(.enabled(if: EncodingOracle.isAvailable)) func jpegIsNearTheFrame() throws {
        try withTemporaryFolder { folder in
            let frames = Self.frames(2, width: 37, height: 19)
            let wanted = frames.bytes[frames.byteRange(of: 1)]
            var errors: [Double] = []
            for quality in [0.1, 0.95] {
                let data = try frames.jpegData(1, quality: quality)
                let again = try frames.jpegData(1, quality: quality)
                #expect(data == again)
                try Data(data).write(to: URL(fileURLWithPath: folder + "/a.jpg"))
                let decoded = try EncodingOracle.decode(folder + "/a.jpg")
                #expect(decoded.count == wanted.count)
                errors.append(
                    zip(decoded, wanted).map { abs(Double($0) - Double($1)) }.reduce(0, +) / Double(wanted.count))
            }
            // Full range is kept: a limited one would move levels by up to 16.
            #expect(errors[1] < 6 && errors[1] < errors[0], "\(errors)")
            #expect(throws: MediaError.self) { try frames.jpegData(2) }
        }
    }

    /// A JPEG that is cut short is shown as far as it goes, and said to be damaged; half a PNG is none.
    @Test func cutShortIsDamaged() throws {
        try withTemporaryFolder { folder in
            let frames = Self.frames(1, width: 160, height: 120)
            let (jpeg, png) = (try frames.jpegData(0, quality: 0.9), try frames.pngData(0))
            for (name, data) in [("a.jpg", jpeg), ("b.jpg", jpeg.dropLast(jpeg.count / 2)), ("c.png", png)] {
                try Data(data).write(to: URL(fileURLWithPath: folder + "/" + name))
                #expect(try VideoReader.picture(folder + "/" + name).isDamaged == (name == "b.jpg"), "\(name)")
            }
            try Data(png.dropLast(png.count / 2)).write(to: URL(fileURLWithPath: folder + "/d.png"))
            #expect(throws: MediaError.self) { try VideoReader.picture(folder + "/d.png") }
        }
    }

    @Test func contactSheetPlacesFrames() throws {
        let frames = Self.frames(5, width: 7, height: 4)
        let sheet = try frames.contactSheet(columns: 3, gap: 2, background: 9)
        #expect((sheet.count, sheet.width, sheet.height) == (1, 3 * 9 + 2, 2 * 6 + 2))
        func pixel(_ x: Int, _ y: Int) -> [UInt8] {
            Array(sheet.bytes[(y * sheet.width + x) * 3..<(y * sheet.width + x) * 3 + 3])
        }
        #expect(pixel(0, 0) == [9, 9, 9])
        #expect(pixel(28, 13) == [9, 9, 9])
        // Frame 4 is the second of the second row; its last pixel is at (9 + 2 + 6, 6 + 2 + 3).
        #expect(pixel(17, 11) == Array(frames.bytes.suffix(3)))
        #expect(throws: MediaError.self) { try Frames(height: 4, width: 4).contactSheet() }
        #expect(try frames.contactSheet().count == 1)
    }

    /// Expected files were written by NumPy itself: Fixtures/numpy/make.py.
    @Test func npyIsWhatNumPyWrites() throws {
        try withTemporaryFolder { folder in
            let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Fixtures/numpy/"
            func same(_ name: String) throws {
                let written = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
                #expect(written == (try Data(contentsOf: URL(fileURLWithPath: fixtures + name))), "\(name)")
            }
            try NumPyFile.write((0..<24).map { UInt8($0 * 10) }, shape: [2, 3, 4], to: folder + "/u1.npy")
            try same("u1.npy")
            try NumPyFile.write([0.5, -1.25, 3e-8, .infinity, 7] as [Float], shape: [5], to: folder + "/f4.npy")
            try same("f4.npy")
            try NumPyFile.write([Int64.min, -1, 0, .max], shape: [4, 1], to: folder + "/i8.npy")
            try same("i8.npy")
            try NumPyFile.write([42.0] as [Float], shape: [], to: folder + "/scalar.npy")
            try same("scalar.npy")
            try NumPyFile.write([UInt8](), shape: [0, 7], to: folder + "/empty.npy")
            try same("empty.npy")
            #expect(throws: MediaError.self) {
                try NumPyFile.write([1, 2] as [Float], shape: [3], to: folder + "/x.npy")
            }
            #expect(throws: MediaError.self) {
                try NumPyFile.write([1, 2] as [Float], shape: [-1, -2], to: folder + "/x.npy")
            }
            #expect(throws: MediaError.self) {
                try NumPyFile.write([1] as [Float], shape: [.max, .max], to: folder + "/x.npy")
            }
            #expect(!FileManager.default.fileExists(atPath: folder + "/x.npy"))
        }
    }
}
