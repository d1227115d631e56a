import Foundation
import Testing
import Training

/// What people see of a run, word for word.
@Suite struct ReportingTests {
    private static let rows = """
        epoch,loss,accuracy,val_loss,val_accuracy,val_f1,learning_rate,seconds
        1,0.75,0.5,0.6931471805599453,0.25,0.2,0.001,13.05
        2,0.43125,0.8125,,,,0.0005,12.0

        """

    @Test func historyIsReadAndWritten() throws {
        var history = try TrainingHistory(csv: Self.rows, name: "h.csv")
        #expect(history.csv == Self.rows)
        #expect(history.records[0].validationLoss == 0.6931471805599453 && history.records[1].validationF1 == nil)
        // A run taken up again after the first epoch writes the second anew.
        let second = history.records[1]
        history.append(history.records[0])
        #expect(history.records.count == 1)
        history.append(second)
        #expect(history.csv == Self.rows)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("sora-\(UUID().uuidString).csv").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try history.write(to: path)
        #expect(try TrainingHistory(reading: path) == history)
        for bad in ["", "epoch\n1", Self.rows + "3,x,0,,,,0,0", Self.rows + "3"] {
            #expect(throws: TrainingError.self) { try TrainingHistory(csv: bad, name: "h.csv") }
        }
    }

    private func shown(_ style: ProgressStyle) throws -> [String] {
        var (now, lines) = (100.0, [String]())
        let progress = TrainingProgress(style: style, clock: { now }, sink: { lines.append($0) })
        let history = try TrainingHistory(csv: Self.rows, name: "h.csv")
        progress.observe(.epochBegan(epoch: 1, of: 10, steps: 45))
        now += 4.36
        progress.observe(.stepEnded(step: 1, of: 45, loss: 0.7, accuracy: 0.5))
        now += 0.01
        progress.observe(.stepEnded(step: 2, of: 45, loss: 0.7, accuracy: 0.5))
        now += 0.03
        now += 4
        progress.observe(.stepEnded(step: 12, of: 45, loss: 0.43125, accuracy: 0.8125))
        progress.observe(.epochEnded(history.records[0]))
        return lines
    }

    /// The bar takes the columns that the figures leave, but for the last one: a cursor there would wrap the line. A
    /// longer time to go takes one off the bar.
    @Test func trainingOnATerminal() throws {
        #expect(
            try shown(.terminal()) == [
                "Epoch 1/10\n",
                "\r  1/45 [........................] - ETA: 3:12 - loss: 0.7000 - accuracy: 0.5000\u{1B}[K",
                "\r 12/45 [=====>...................] - ETA: 23s - loss: 0.4313 - accuracy: 0.8125\u{1B}[K",
                "\r 45/45 - 13s 290ms/step - loss: 0.7500 - accuracy: 0.5000 - val_loss: 0.6931 - val_accuracy: 0.2500\u{1B}[K\n",
            ])
    }

    @Test(arguments: [20, 40, 80, 200]) func passingLinesFitTheTerminal(_ columns: Int) throws {
        for line in try shown(.terminal(columns: columns)).dropFirst().dropLast() {
            let visible = line.replacing("\r", with: "").replacing("\u{1B}[K", with: "")
            #expect(visible.count < columns && visible.hasPrefix(" "), "\(visible)")
            // Keras's bar is at most thirty characters long.
            #expect(visible.count { "=>.[]".contains($0) } <= 30 + 2 + 2)
        }
    }

    @Test func trainingIntoAFile() throws {
        #expect(
            try shown(.plain(interval: 5)) == [
                "Epoch 1/10\n", " 12/45 - ETA: 23s - loss: 0.4313 - accuracy: 0.8125\n",
                " 45/45 - 13s 290ms/step - loss: 0.7500 - accuracy: 0.5000 - val_loss: 0.6931 - val_accuracy: 0.2500\n",
            ])
    }

    @Test func progressBarOfALongCommand() {
        var (now, lines) = (0.0, [String]())
        let bar = ProgressBar(total: 3, style: .terminal(columns: 40), clock: { now }, sink: { lines.append($0) })
        now = 50
        bar.advance("a.mp4")
        now = 75
        bar.show(3)
        bar.clear()
        #expect(
            lines == [
                "\r 1/3 [===>........] - ETA: 1:40 - a.mp4\u{1B}[K",
                "\r 3/3 [=========================] - 1:15\u{1B}[K",
                "\r\u{1B}[K",
            ])
    }
}
