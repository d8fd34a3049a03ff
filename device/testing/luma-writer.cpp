#include "../../image/rpicam-stages/luma-pipe.hpp"

#include <cstdlib>

/** Writes so many pictures of 320 by 240 in rows of 384 bytes as fast as it can, each of one grey: its number. */
int main(int, char **arguments)
{
	LumaPipe pipe;
	pipe.Open(arguments[1]);
	int const count = atoi(arguments[2]);
	std::vector<uint8_t> luma(384 * 240);
	for (int number = 0; number < count; number++)
	{
		for (uint8_t &pixel : luma)
			pixel = static_cast<uint8_t>(number);
		pipe.Write(luma.data(), 320, 240, 384);
	}
}
