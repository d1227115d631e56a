internal import COneDNN

/// Turns a status of the C facade into an error that says what was attempted.
func check(_ status: Int32, _ what: @autoclosure () -> String, line: UInt = #line) throws {
    guard status == 0 else {
        throw NeuralError(
            .backend, "oneDNN could not \(what())", cause: unsafe String(cString: sdnn_status_text(status)), line: line)
    }
}
