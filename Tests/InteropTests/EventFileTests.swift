import Foundation
import Interop
import Testing

/// Records for TensorBoard, against those of its own writer (`Fixtures/events.py`).
@Suite struct EventFileTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    /// RFC 3720, B.4.
    @Test func checksumsAreCastagnolis() {
        let counted = (0..<32).map { UInt8($0) }
        #expect(CRC32C.checksum([]) == 0)
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 255, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum(counted) == 0x46DD_794E)
        #expect(CRC32C.checksum(counted.reversed()) == 0x113F_DB5C)
    }

    @Test func recordsAreTensorBoardsToTheByte() throws {
        let file = try EventFile(folder: folder.file("new/events"), startingAt: 5, clock: { 1_764_150_000.25 })
        try file.append([("loss", 0.75), ("val_loss", 1e-3)], step: 1)
        try file.append([("step/loss", -2.5)], step: 70000)
        #expect(file.path == folder.file("new/events/events.out.tfevents.1764150000.250000.sora"))
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file.path))
        #expect(try bytes == Fixture.bytes("events.tfevents"))
    }

    /// A run that is begun anew removes what it has made itself, and nothing else.
    @Test func onlyOwnFilesAreRemoved() throws {
        for time in [1.0, 2.0] { _ = try EventFile(folder: folder.path, startingAt: 1, clock: { time }) }
        for name in ["events.out.tfevents.1764150000.host", "notes.sora"] {
            try Data().write(to: URL(fileURLWithPath: folder.file(name)))
        }
        EventFile.removeAll(in: folder.path)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        #expect(left == ["events.out.tfevents.1764150000.host", "notes.sora"])
        EventFile.removeAll(in: folder.file("none"))
    }

    @Test func aFolderThatIsAFileIsAnError() throws {
        let path = folder.file("file")
        try Data().write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: InteropError.self) { try EventFile(folder: path, startingAt: 1) }
        #expect(try #require(error).message.hasPrefix("\(path)/events.out.tfevents."))
    }
}
