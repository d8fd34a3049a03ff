#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

/**
 * Writes grey pictures (binary PGM) into a named pipe and never waits for its reader: a picture that does not fit is left out, and
 * the rest of one that was begun goes before the next.
 */
class LumaPipe
{
public:
	~LumaPipe() { Close(); }

	void Open(std::string const &path)
	{
		Close();
		fd_ = open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
		// A picture of 320 by 240 fits whole. Without it the pipe holds 64 KiB, which works too, in pieces.
		if (fd_ >= 0)
			fcntl(fd_, F_SETPIPE_SZ, 256 * 1024);
	}

	/** `stride` is the distance of two rows in `luma`, in bytes. */
	void Write(uint8_t const *luma, unsigned width, unsigned height, unsigned stride)
	{
		if (fd_ < 0)
			return;
		Drain();
		if (written_ < pending_.size())
			return;
		char header[32];
		int length = snprintf(header, sizeof(header), "P5\n%u %u\n255\n", width, height);
		pending_.assign(header, header + length);
		for (unsigned row = 0; row < height; row++)
			pending_.insert(pending_.end(), luma + row * stride, luma + row * stride + width);
		written_ = 0;
		Drain();
	}

	void Close()
	{
		if (fd_ >= 0)
			close(fd_);
		fd_ = -1;
		pending_.clear();
		written_ = 0;
	}

private:
	void Drain()
	{
		while (written_ < pending_.size())
		{
			ssize_t count = write(fd_, pending_.data() + written_, pending_.size() - written_);
			if (count <= 0)
				return;
			written_ += count;
		}
	}

	int fd_ = -1;
	std::vector<uint8_t> pending_;
	size_t written_ = 0;
};
